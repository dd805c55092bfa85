"""The index of words in PostgreSQL: it cuts words as the search does, and nothing else is read."""

import unicodedata
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.store.records import A
from tests.support.postgres import PostgresServer
from vetline.store.postgres.schema import prepare
from vetline.store.searching import plain, words_of

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
