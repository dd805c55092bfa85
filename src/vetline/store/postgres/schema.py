"""Brings the schema up to date, under a running service. A database that this release cannot read is never touched.

A database that is up to date is only looked at. Otherwise one process migrates while the others wait for it. Whoever
waits for a table makes everybody else wait behind: so a migration waits a moment only, lets everybody pass, and tries
again; and what it does then takes moments. An index of a large table is built by a script that says
``-- without a transaction``: its statements are done one by one, and each must bear to be done twice.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence

import asyncpg

from vetline.store import releases
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.postgres.failures import meaning_of
from vetline.store.postgres.link import CONNECT_SECONDS
from vetline.store.postgres.pooler import refuse_shared_connections
from vetline.store.postgres.servers import Connection, connect
from vetline.store.releases import Version, version_after

# "VETL": tells our lock from everybody else's.
_LOCK = 0x5645544C
# How long everybody may have to wait behind a migration that waits for a table, and behind one that has it.
_BRIEFLY = "SET LOCAL lock_timeout = '200ms'; SET LOCAL statement_timeout = '10s'"
# After each attempt the others get through; somebody's long transaction may end, or another process be done.
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 60.0
_IN_PIECES = "-- without a transaction"
# Of those pieces the ones that need a table for themselves.
_ALTERS = re.compile(r"^ALTER TABLE ", re.MULTILINE)
# Asked of the catalogue itself: to_regclass() would remember from before the lock that there is no such table.
_IS_THERE = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1"
_NOTED = "vetline_schema"
# The table that is there while a copy into the database is not finished.
COPYING = "vetline_copying"
# The first releases had no second column.
_VERSION = "SELECT version, coalesce((to_jsonb(s) ->> 'readable_by')::integer, version) FROM vetline_schema AS s"


def migrations() -> Sequence[str]:
    """Return the numbered migration scripts, the first one first."""
    return releases.migrations("postgres")


async def prepare(url: str) -> None:
    """Bring the database that a URL names up to date.

    Raises:
        SchemaError: this release cannot run on it, it is another program's, a copy into it is not finished, or a pooler
            stands in between.
        UnavailableError: it cannot be reached, or its tables are in use.
    """
    async with opened(url) as connection:
        if await is_unfinished(connection):
            raise SchemaError(
                "A copy into this database is not finished. Run the same `vetline copy` again, which goes on where it "
                "ended, or give another --database-url."
            )
        await migrate(connection, migrations())


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Connection]:
    """Yield a connection for what is done before a database is served.

    Raises:
        SchemaError: the database belongs to another program, there is none, or a pooler stands in between.
        UnavailableError: it cannot be reached, or its tables are in use.
    """
    try:
        connection = await connect(url, timeout=CONNECT_SECONDS)
        try:
            await refuse_shared_connections(connection, url)
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


async def migrate(connection: Connection, scripts: Sequence[str], patience: float = PATIENCE_SECONDS) -> int:
    """Bring a database up to date, each migration in a transaction of its own.

    Parameters:
        connection: an open connection.
        scripts: all migrations, the first one first; see `releases`.
        patience: how many seconds may pass before the tables are had.

    Returns:
        How many were missing.

    Raises:
        SchemaError: the database is a newer release's, and this one cannot run on it.
        UnavailableError: others are in the way for too long; nothing of the migration at hand was done.
    """
    found = await version_of(connection)
    found.check(len(scripts))
    if found.number >= len(scripts):
        return 0
    end = asyncio.get_running_loop().time() + patience
    async with _alone(connection, end):
        for number in range((await version_of(connection)).number + 1, len(scripts) + 1):
            await _apply(connection, scripts[:number], end)
    return len(scripts) - found.number


async def version_of(connection: Connection) -> Version:
    """Return which migrations a database has had, and who can read it."""
    if await connection.fetchval(_IS_THERE, _NOTED) is None:
        return Version(0, 0)
    return Version(*await connection.fetchrow(_VERSION))


@contextlib.asynccontextmanager
async def _alone(connection: Connection, end: float) -> AsyncIterator[None]:
    """Hold the lock of whoever migrates.

    It is asked for, not waited for: who waits in a statement is itself waited for by an index that is being built.
    Source: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    """
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
        await _pause(end, "another process is still migrating the database")
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _apply(connection: Connection, scripts: Sequence[str], end: float) -> None:
    """Apply the last of some migrations, as soon as its tables can be had."""
    script, version = scripts[-1], version_after(scripts)
    if _IN_PIECES in script.splitlines():
        await _apply_in_pieces(connection, script, end)
        script = "SELECT 1"  # all that is left is to note that it was done
    await _apply_at_once(connection, script, version, end)


async def _apply_in_pieces(connection: Connection, script: str, end: float) -> None:
    for statement in filter(str.strip, script.split(";\n")):
        if _ALTERS.search(statement):
            await _apply_at_once(connection, statement, None, end)
        else:
            await connection.execute(statement)


async def _apply_at_once(connection: Connection, script: str, version: Version | None, end: float) -> None:
    """Apply a script in a transaction as soon as its tables can be had, and note the version that it leads to."""
    while True:
        with contextlib.suppress(asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            async with connection.transaction():
                await connection.execute(_BRIEFLY)
                await connection.execute(script)
                if version:
                    await _note(connection, version)
            return
        await _pause(end, "others use its tables in long transactions; end those, or try again later")


async def _pause(end: float, why: str) -> None:
    if asyncio.get_running_loop().time() > end:
        raise UnavailableError(f"the database cannot be migrated now: {why}")
    await asyncio.sleep(PAUSE_SECONDS)


async def _note(connection: Connection, version: Version) -> None:
    if version.number == 1:
        await connection.execute("CREATE TABLE vetline_schema (version integer NOT NULL, readable_by integer NOT NULL)")
        await connection.execute("INSERT INTO vetline_schema VALUES (0, 0)")
    else:
        await connection.execute("ALTER TABLE vetline_schema ADD COLUMN IF NOT EXISTS readable_by integer")
    await connection.execute("UPDATE vetline_schema SET version = $1, readable_by = $2", *version)
