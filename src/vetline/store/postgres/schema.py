"""Brings the schema up to date. A database of a newer release is refused, never touched.

A database that is up to date is only looked at. Otherwise an advisory lock lets one process migrate while the others
wait, and no statement of a migration waits long for a table, because everybody else would wait behind it. An index on a
table that may be large is made concurrently, by a script of that one statement: nobody waits for it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files

import asyncpg

from vetline.store.port import SchemaError, UnavailableError
from vetline.store.postgres.failures import meaning_of
from vetline.store.postgres.link import CONNECT_SECONDS, Connection

# "VETL": tells our lock from everybody else's.
_LOCK = 0x5645544C
_VERSION = "vetline_schema"
# The table that is there while a copy into the database is not finished.
COPYING = "vetline_copying"
# Asked of the catalogue itself: to_regclass() would remember from before the lock that there is no such table.
_IS_THERE = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1"
_OTHERS_MIGRATE_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_TABLES_ARE_IN_USE = "SET LOCAL lock_timeout = '2s'"
# It cannot be made in a transaction, waits for those under way, and leaves an index of no use when it is cut off.
# Source: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
_CONCURRENTLY = re.compile(r"^CREATE INDEX CONCURRENTLY IF NOT EXISTS (\w+)", re.MULTILINE)
_OTHERS_ARE_AT_WORK = "SET lock_timeout = '60s'"
_IS_OF_NO_USE = """
SELECT 1 FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
 WHERE c.relname = $1 AND c.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid
"""


def migrations() -> list[str]:
    """Return the numbered migration scripts, the first one first."""
    folder = files("vetline.store").joinpath("migrations", "postgres")
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [entry.read_text("utf-8") for entry in found]


async def prepare(url: str) -> None:
    """Bring the database that a URL names up to date.

    Raises:
        SchemaError: it belongs to a newer release or to another program, or a copy into it is not finished.
        UnavailableError: it cannot be reached, or its tables are in use.
    """
    async with opened(url) as connection:
        if await is_unfinished(connection):
            raise SchemaError(
                "A copy into this database is not finished. Run the same `vetline copy` again, which goes on where it "
                "ended, or give another --database-url."
            )
        await migrate(connection, migrations())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Connection]:
    """Yield a connection for what is done before a database is served.

    Raises:
        SchemaError: the database belongs to another program, or there is none.
        UnavailableError: it cannot be reached, or its tables are in use.
    """
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
        try:
            yield connection
        finally:
            await connection.close(timeout=CONNECT_SECONDS)
    except (asyncpg.DuplicateTableError, asyncpg.DuplicateObjectError) as error:
        raise SchemaError(
            f"The database has tables of another program ({error}). Give Vetline a database of its own."
        ) from error
    except (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidCatalogNameError) as error:
        raise SchemaError(f"The database cannot be prepared: {error}.") from error
    except Exception as error:
        meaning = meaning_of(error)
        if meaning is error:
            raise
        raise UnavailableError(f"cannot open the database: {meaning}") from error


async def is_unfinished(connection: Connection) -> bool:
    """Return whether a copy into a database has begun and not ended."""
    return await connection.fetchval(_IS_THERE, COPYING) is not None


async def migrate(connection: Connection, scripts: Sequence[str]) -> int:
    """Bring a database up to date, each migration in a transaction of its own.

    Parameters:
        connection: an open connection.
        scripts: all migrations, the first one first; a database's version is how many of them it has had.

    Returns:
        How many were applied.

    Raises:
        SchemaError: the database belongs to a newer release.
    """
    version = await schema_version(connection)
    if version > len(scripts):
        raise SchemaError(
            f"The database was written by a newer release (schema {version}; this release knows {len(scripts)}). "
            "Install that release or a newer one, or give another --database-url."
        )
    if version < len(scripts):
        async with _alone(connection):
            for number, script in enumerate(scripts[version:], start=version + 1):
                await _apply(connection, number, script)
    return len(scripts) - version


async def schema_version(connection: Connection) -> int:
    """Return how many migrations a database has had."""
    if await connection.fetchval(_IS_THERE, _VERSION) is None:
        return 0
    return int(await connection.fetchval("SELECT version FROM vetline_schema"))


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    """Let no other process migrate meanwhile."""
    await _have_lock(connection)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _have_lock(connection: Connection) -> None:
    """Ask for the lock again and again: who waits in a statement has a snapshot, and an index would wait for that."""
    try:
        async with asyncio.timeout(_OTHERS_MIGRATE_SECONDS):
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):  # noqa: ASYNC110 - no event
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError as error:
        raise UnavailableError("another process is migrating the database; start again when it is done") from error


async def _apply(connection: Connection, number: int, script: str) -> None:
    """Two processes may start at once: whoever gets the lock second finds the version moved and does nothing."""
    if await schema_version(connection) != number - 1:
        return
    if index := _CONCURRENTLY.search(script):
        await _make_beside(connection, index[1], script)
        await _note(connection, number)
        return
    async with connection.transaction():
        await connection.execute(_TABLES_ARE_IN_USE)
        await connection.execute(script)
        await _note(connection, number)


async def _make_beside(connection: Connection, index: str, script: str) -> None:
    """Make an index while the service runs. Cut off at any point, it may be done again."""
    await connection.execute(_OTHERS_ARE_AT_WORK)
    try:
        if await connection.fetchval(_IS_OF_NO_USE, index):
            await connection.execute(f"DROP INDEX CONCURRENTLY {index}")
        await connection.execute(script)
    finally:
        await connection.execute("RESET lock_timeout")


async def _note(connection: Connection, number: int) -> None:
    if number == 1:
        await connection.execute("CREATE TABLE vetline_schema (version integer NOT NULL)")
        await connection.execute("INSERT INTO vetline_schema VALUES (0)")
    await connection.execute("UPDATE vetline_schema SET version = $1", number)
