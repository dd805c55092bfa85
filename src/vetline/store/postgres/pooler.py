"""Refuses a pooler that lends a connection out for one transaction at a time: statements are prepared on connections,
settings are made on them, and one of them listens. A pooler that leaves it to us while we are connected is welcome.
"""

import asyncio

import asyncpg

from vetline.store.port import SchemaError
from vetline.store.postgres.link import CONNECT_SECONDS
from vetline.store.postgres.servers import Connection, connect

_PROCESS = "SELECT pg_backend_pid()"
_REFUSED = (
    "The database is reached through a pooler that shares connections between clients (PgBouncer: pool_mode = "
    "transaction). Set pool_mode = session for Vetline, or give the server's own address."
)


async def refuse_shared_connections(connection: Connection, url: str) -> None:
    """Return when a connection is served by one process of the server as long as it lasts.

    Parameters:
        connection: an open one.
        url: where it leads.

    Raises:
        SchemaError: it may be another process for each transaction.
    """
    before = await _process(connection)
    if before == connection.get_server_pid():
        return  # no pooler in between: this is the number that the server gave at the beginning
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            kept = await _is_kept(connection, before, url)
    except asyncpg.DuplicatePreparedStatementError:  # somebody else's, on the process that is ours for now
        kept = False
    if not kept:
        raise SchemaError(_REFUSED)


async def _is_kept(connection: Connection, before: int, url: str) -> bool:
    """Return whether a connection keeps its process while another one is in a transaction."""
    other = await connect(url, timeout=CONNECT_SECONDS)
    try:
        async with other.transaction():
            return before != await _process(other) and before == await _process(connection)
    finally:
        other.terminate()


async def _process(connection: Connection) -> int:
    return int(await connection.fetchval(_PROCESS))
