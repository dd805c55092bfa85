"""The index of words in SQLite: made over what is there already, and right after whatever is done to a file."""

import sqlite3
from itertools import takewhile
from pathlib import Path

import pytest

from tests.store.records import A, customer, save, with_customers
from vetline.store.changes import CustomerRemoved
from vetline.store.port import SchemaError
from vetline.store.records import Customer
from vetline.store.sqlite import rows
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.schema import connect, migrate, migrations, refuse_without
from vetline.store.sqlite.store import SqliteStore

EVERYBODY = [customer(number, name=f"The University of Nr{number}") for number in range(1, 40)]


async def _assert_all_are_found(path: Path, everybody: list[Customer]) -> None:
    store = SqliteStore(path)
    for one in everybody:
        assert (await store.search(A, one.company_name.partition("of ")[2], 40)).customers[:1] == (one,)
    assert len((await store.search(A, "university", 40)).customers) == len(everybody)
    await store.close()


async def test_what_older_releases_wrote_is_found(tmp_path: Path) -> None:
    """The migration takes in what is there; a release without it, beside this one, adds to it unknowingly."""
    older = connect(path := tmp_path / "vetline.db", busy_ms=0)
    migrate(older, list(takewhile(lambda script: "customers_words" not in script, migrations())))
    older.executemany(SQL["add_customer"], map(rows.customer_row, EVERYBODY[:20]))
    store = SqliteStore(path)
    older.executemany(SQL["add_customer"], map(rows.customer_row, EVERYBODY[20:]))
    older.close()
    await store.close()
    await _assert_all_are_found(path, EVERYBODY)


@pytest.mark.parametrize("statement", ["VACUUM", "VACUUM INTO '{copy}'"])
async def test_search_is_right_after_the_file_was_tidied_up_or_backed_up(tmp_path: Path, statement: str) -> None:
    """The entries tell rows by their numbers: SQLite must leave those as they are, gaps and all."""
    store = SqliteStore(path := tmp_path / "vetline.db")
    await with_customers(store, *EVERYBODY)
    for one in EVERYBODY[::3]:
        await save(store, CustomerRemoved(A, one.id))
    await store.close()
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute(statement.format(copy=tmp_path / "copy.db"))
    connection.close()
    left = [one for place, one in enumerate(EVERYBODY) if place % 3]
    await _assert_all_are_found(path if statement == "VACUUM" else tmp_path / "copy.db", left)


def test_sqlite_without_what_is_needed_is_refused_with_a_sentence() -> None:
    """Before anything is written."""
    refuse_without("fts5")
    with pytest.raises(SchemaError, match=r"built without fts99, .* or on PostgreSQL"):
        refuse_without("fts99")
