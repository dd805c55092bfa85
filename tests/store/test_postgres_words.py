"""The index of words in PostgreSQL: it cuts words as the search does, and nothing else is read."""

import unicodedata
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.store.records import A, customer, with_customers
from tests.support.postgres import PostgresServer
from vetline.store.postgres.schema import prepare
from vetline.store.postgres.store import PostgresStore
from vetline.store.searching import CANDIDATES, plain, words_of

# As names are kept: folded. The server may know a younger Unicode than Python, with characters that are new in it.
CHARACTERS = [
    character
    for character in map(chr, (*range(1, 0xD800), *range(0xE000, 0x32000)))
    if unicodedata.category(character) != "Cn" and character.casefold() == character
]


@pytest.fixture
async def connection(postgres: PostgresServer) -> AsyncIterator[Any]:
    """A connection to a database with the real schema."""
    url = postgres.fresh()
    await prepare(url)
    found = await asyncpg.connect(url)
    yield found
    await found.close()


async def test_words_are_cut_as_the_search_cuts_them(connection: Any) -> None:
    """For each character, between two letters: it separates, or it is a letter, or it stands for others."""
    texts = [f"a{character}b" for character in CHARACTERS]
    lexemes = "SELECT array(SELECT unnest(tsvector_to_array(customer_words($2, text, 'zz'))))"
    found = await connection.fetch(f"{lexemes} FROM unnest($1::text[]) AS text", texts, A)
    wrong = [
        text for text, (there,) in zip(texts, found, strict=True)
        if set(there) != {f"{A}:{word.text}" for word in words_of(plain(f"{text} zz"))}
    ]  # fmt: skip
    assert wrong == []


async def test_the_index_is_what_is_read(connection: Any) -> None:
    """No plan looks through the customers one by one."""
    await connection.execute("SET enable_seqscan = off")
    query = "SELECT 1 FROM customers WHERE customer_words(partner, name_key, domain) @@ $1::tsquery LIMIT 9"
    plan = await connection.fetch(f"EXPLAIN {query}".replace("$1", "'''x'':*'"))
    assert any("customers_words" in line for (line,) in plan), plan


async def test_of_a_frequent_word_no_beginnings_are_gathered(postgres: PostgresServer) -> None:
    """They take several times as long, and what only begins so would stand among what is found."""
    store = await PostgresStore.open(postgres.fresh())
    await with_customers(store, customer(0, name="0 Schooling"), customer(1, name="1 School"))
    few = [one.company_name for one in (await store.search(A, "school", 9)).customers]
    await with_customers(store, *(customer(number, name=f"{number} School") for number in range(2, CANDIDATES + 20)))
    plenty = [one.company_name for one in (await store.search(A, "school", 9)).customers]
    await store.close()
    assert few == ["0 Schooling", "1 School"]
    assert (plenty[0], len(plenty)) == ("1 School", 9)
