"""Brings the schema up to date. A database of a newer release is refused, never touched.

A database that is up to date is only looked at. Otherwise an advisory lock lets one process migrate while the others
wait, and no statement of a migration waits long for a table, because everybody else would wait behind it.
"""

from collections.abc import Sequence
from importlib.resources import files

import asyncpg

from vetline.store.port import SchemaError, UnavailableError
from vetline.store.postgres.failures import meaning_of
from vetline.store.postgres.link import CONNECT_SECONDS
from vetline.store.postgres.servers import Connection, connect

# "VETL": tells our lock from everybody else's.
_LOCK = 0x5645544C
_OTHERS_MIGRATE = "SET LOCAL lock_timeout = '60s'"
_TABLES_ARE_IN_USE = "SET LOCAL lock_timeout = '2s'"
# Asked of the catalogue itself: to_regclass() would remember from before the lock that there is no such table.
_IS_THERE = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'vetline_schema'"


def migrations() -> list[str]:
    """Return the numbered migration scripts, the first one first."""
    folder = files("vetline.store").joinpath("migrations", "postgres")
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [entry.read_text("utf-8") for entry in found]


async def prepare(url: str) -> None:
    """Bring the database that a URL names up to date.

    Raises:
        SchemaError: it belongs to a newer release or to another program.
        UnavailableError: it cannot be reached, or its tables are in use.
    """
    try:
        connection = await connect(url, timeout=CONNECT_SECONDS)
        try:
            await migrate(connection, migrations())
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
    for number, script in enumerate(scripts[version:], start=version + 1):
        await _apply(connection, number, script)
    return len(scripts) - version


async def schema_version(connection: Connection) -> int:
    """Return how many migrations a database has had."""
    if await connection.fetchval(_IS_THERE) is None:
        return 0
    return int(await connection.fetchval("SELECT version FROM vetline_schema"))


async def _apply(connection: Connection, number: int, script: str) -> None:
    """Two processes may start at once: whoever gets the lock second finds the version moved and does nothing."""
    async with connection.transaction():
        await connection.execute(_OTHERS_MIGRATE)
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        if await schema_version(connection) != number - 1:
            return
        await connection.execute(_TABLES_ARE_IN_USE)
        await connection.execute(script)
        await _note(connection, number)


async def _note(connection: Connection, number: int) -> None:
    if number == 1:
        await connection.execute("CREATE TABLE vetline_schema (version integer NOT NULL)")
        await connection.execute("INSERT INTO vetline_schema VALUES (0)")
    await connection.execute("UPDATE vetline_schema SET version = $1", number)
