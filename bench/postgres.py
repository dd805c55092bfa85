"""An empty PostgreSQL database to measure on: one that is given, or a server of our own for as long as it is needed."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from tests.support.postgres import PostgresServer

from bench.processes import LOAD_CORE, BenchError, parent, pinned


@contextlib.contextmanager
def postgres(url: str = "", cores: set[int] = LOAD_CORE) -> Iterator[str]:
    """Yield the address of a database.

    Parameters:
        url: the one to use; empty for a server of our own, which leaves nothing behind.
        cores: the processors that our own has.
    """
    if url:
        yield url
        return
    with pinned(cores):
        server = PostgresServer()
    with server:
        yield server.fresh()


def settle(url: str) -> None:
    """Do at once what the database would do by itself in some minutes: count its rows, and tidy up after many."""
    _ask(url, "VACUUM ANALYZE")


def mebibytes(url: str) -> float:
    """Return the size of a database on disk, its log not included."""
    return int(_ask(url, "SELECT pg_database_size(current_database())")) / 2**20


def server(url: str) -> set[int]:
    """Return the process that starts those of a database; nothing where it runs on another machine."""
    if urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
        return set()
    checkpointer = _ask(url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    return {parent(Path("/proc", checkpointer))}


def _ask(url: str, statement: str) -> str:
    """Return what a statement says.

    Raises:
        BenchError: the database does not answer.
    """

    async def ask() -> str:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return str(await connection.fetchval(statement))
        finally:
            await connection.close()

    try:
        return asyncio.run(ask())
    except (OSError, ValueError, asyncpg.PostgresError, TimeoutError) as error:
        raise BenchError(f"PostgreSQL did not answer: {error}") from error
