"""Preparing PostgreSQL databases: new ones, older ones, newer ones, other people's, and by many processes at once."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.store.records import A, customer, guid, with_customers
from tests.support.postgres import PostgresServer
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.postgres.schema import migrate, migrations, prepare, version_of
from vetline.store.postgres.store import PostgresStore

OLDER = ["CREATE TABLE first (a integer NOT NULL);\nINSERT INTO first VALUES (7);"]
NEWER = [
    *OLDER,
    "ALTER TABLE first ADD COLUMN b text NOT NULL DEFAULT 'x; -- y';\nCREATE INDEX by_b ON first (b);",
    "UPDATE first SET a = a + 1;",
]
SHAPE = """
SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
 WHERE table_schema = current_schema() AND table_name <> 'vetline_schema'
UNION ALL
SELECT tablename, indexname, replace(indexdef, current_schema(), ''), '', '' FROM pg_indexes
 WHERE schemaname = current_schema() ORDER BY 1, 2
"""


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A fresh place."""
    return postgres.fresh()


@pytest.fixture
async def connection(url: str) -> AsyncIterator[Any]:
    """A connection to it."""
    found = await asyncpg.connect(url)
    yield found
    await found.close()


async def test_schema_is_the_sum_of_the_migrations(postgres: PostgresServer, connection: Any, url: str) -> None:
    """What the scripts say, run one after the other, is what a store has, and no more."""
    await prepare(url)
    plain = await asyncpg.connect(postgres.fresh())
    for script in migrations():
        parts = script.split(";\n") if "-- without a transaction" in script else [script]
        for part in filter(str.strip, parts):
            await plain.execute(part)
    assert await connection.fetch(SHAPE) == await plain.fetch(SHAPE)
    await plain.close()
    assert (await version_of(connection)).number == len(migrations())


async def test_opening_again_changes_nothing_and_keeps_everything(url: str) -> None:
    """A second start finds the schema up to date and the data there."""
    store = await PostgresStore.open(url)
    await with_customers(store, customer())
    await store.close()
    store = await PostgresStore.open(url)
    assert await store.customer(A, guid(1)) == customer()
    await store.close()


@pytest.mark.parametrize("applied", [1, 2, 3])
async def test_older_database_is_upgraded_with_its_data(connection: Any, applied: int) -> None:
    """Only what is missing is applied, in order; the rows are kept."""
    await migrate(connection, NEWER[:applied])
    assert await migrate(connection, NEWER) == 3 - applied
    assert [tuple(row) for row in await connection.fetch("SELECT a, b FROM first")] == [(8, "x; -- y")]
    assert await migrate(connection, NEWER) == 0


async def test_failing_migration_leaves_the_database_as_it_was(connection: Any) -> None:
    """A script that breaks half-way is undone as a whole, and the one before it stands."""
    broken = [*NEWER[:2], "UPDATE first SET a = 99;\nUPDATE nothing SET a = 1;"]
    with pytest.raises(asyncpg.UndefinedTableError, match="nothing"):
        await migrate(connection, broken)
    assert (await version_of(connection)).number == 2
    assert await connection.fetchval("SELECT a FROM first") == 7
    assert await migrate(connection, NEWER) == 1


async def test_newer_database_is_refused_untouched(connection: Any, url: str) -> None:
    """A release that does not know a schema says so, and what to do."""
    await prepare(url)
    await connection.execute("UPDATE vetline_schema SET version = 99, readable_by = 98")
    with pytest.raises(SchemaError, match="newer release"):
        await PostgresStore.open(url)
    assert await version_of(connection) == (99, 98)


async def test_database_of_another_program_is_refused_untouched(connection: Any, url: str) -> None:
    """Tables with our names that are not ours stay as they are."""
    await connection.execute("CREATE TABLE cases (a integer)")
    with pytest.raises(SchemaError, match="another program"):
        await PostgresStore.open(url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    assert [table[0] for table in tables] == ["cases"]


def test_processes_that_start_at_once_migrate_once(postgres: PostgresServer, url: str) -> None:
    """Eight `vetline migrate` at the same moment on an empty database: all succeed, the schema is there once."""
    command = [sys.executable, "-m", "vetline", "migrate", "--database-url", url]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)]
    said = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 8, said
    schema = url.partition("search_path=")[2]
    assert postgres.sql(f"SELECT version FROM {schema}.vetline_schema") == str(len(migrations()))


async def test_migration_does_not_wait_long_for_a_table_in_use(connection: Any, url: str) -> None:
    """Whoever waits for a table makes everybody else wait behind it: it gives up, and says so."""
    await migrate(connection, OLDER)
    other = await asyncpg.connect(url)
    async with other.transaction():
        await other.execute("SELECT * FROM first")
        with pytest.raises(UnavailableError, match="long transactions"):
            await asyncio.wait_for(migrate(connection, NEWER, patience=1), 10)
    await other.close()
    assert await migrate(connection, NEWER) == 2


INDEX = """-- without a transaction
DROP INDEX CONCURRENTLY IF EXISTS by_a;
CREATE INDEX CONCURRENTLY by_a ON first (a);
"""
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_a'::regclass"


async def test_index_whose_making_was_cut_off_is_made_again(connection: Any) -> None:
    """What is left of it is of no use to anybody, and has its name."""
    await migrate(connection, OLDER)
    await connection.execute("INSERT INTO first VALUES (7)")
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("CREATE UNIQUE INDEX CONCURRENTLY by_a ON first (a)")
    assert await connection.fetchval(VALID) is False
    assert await migrate(connection, [*OLDER, INDEX]) == 1
    assert await connection.fetchval(VALID)
    assert (await version_of(connection)).number == 2


@pytest.mark.parametrize("where", ["postgresql://vetline@127.0.0.1:1/x", "postgresql://vetline@[::1]:1/x"])
async def test_server_that_is_not_there_is_unavailable(where: str) -> None:
    """It says so at once."""
    with pytest.raises(UnavailableError, match="cannot open the database"):
        await PostgresStore.open(where)


async def test_database_that_is_not_there_is_a_matter_of_set_up(postgres: PostgresServer) -> None:
    """Trying again would not make it."""
    with pytest.raises(SchemaError, match="does not exist"):
        await PostgresStore.open(postgres.url("nothing"))
