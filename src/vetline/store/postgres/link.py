"""Connections to one database. Nothing is waited for without end, and what was lost is opened anew.

Every use has a deadline of its own beside those that the server keeps, because a server that has vanished keeps none.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from vetline.store.port import UnavailableError
from vetline.store.postgres.failures import BROKEN, AgainError, meaning_of
from vetline.store.postgres.servers import Connection, connect

T = TypeVar("T")

CONNECT_SECONDS = 3.0
# What one use may take, waiting for a free connection included. The server gives up a little earlier, and says why.
USE_SECONDS = 6.0
# After a restart or a failover every connection held was lost; more attempts than that only delay the answer.
ATTEMPTS = 3

# As pg_stat_activity shows us.
APPLICATION = "vetline"

# Set by statements, because a pooler takes no others than it knows when a connection begins.
_SETTINGS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    # Every statement finds its rows by an index, in the index's order. A plan that was made while a table was small
    # must not read it whole, nor gather and sort all that waits to take the first few.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
# An answer is given when it is on disk: a database that was told otherwise is told again.
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
# Since PostgreSQL 17: without it a process that is frozen between two messages about one statement is idle for nobody.
_BOUNDED = "SELECT set_config(name, '10s', false) FROM pg_settings WHERE name = 'transaction_timeout'"
PREPARE = ";\n".join([*(f"SET {name} = '{value}'" for name, value in _SETTINGS.items()), _DURABLE, _BOUNDED])


class Link:
    """A few connections, opened when they are needed.

    Parameters:
        url: ``postgresql://...``.
        size: how many at most.
    """

    def __init__(self, url: str, size: int) -> None:
        self._pool = asyncpg.create_pool(
            url,
            min_size=0,
            max_size=size,
            timeout=CONNECT_SECONDS,
            command_timeout=USE_SECONDS,
            server_settings={"application_name": APPLICATION},
            connect=connect,
            init=_prepare,
            reset=_leave_as_it_is,
        )

    async def open(self) -> None:
        """Make it usable; nothing is connected yet."""
        await self._pool

    async def once(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what a piece of work did on a connection.

        Raises:
            ConflictError: it broke a constraint.
            UnavailableError: see `failures` for its kinds.
        """
        try:
            return await self._used(work)
        except Exception as error:
            meaning = meaning_of(error)
            if meaning is error:
                raise
            raise meaning from error

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what a piece of work read, trying anew when the connection was lost: a read may be repeated.

        Raises:
            UnavailableError: the database cannot be read.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return await self.once(work)
            except AgainError:
                continue
        return await self.once(work)

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """Return the rows of a statement that only reads; see `read`."""
        return await self.read(lambda connection: connection.fetch(statement, *values))

    async def close(self) -> None:
        """Close every connection."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._pool.close()
        except Exception:  # the server is gone or hangs; there is nothing left to lose
            self._pool.terminate()

    async def _used(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        async with asyncio.timeout(USE_SECONDS) as deadline:
            connection = await self._pool.acquire()
        try:
            async with asyncio.timeout_at(deadline.when()):
                done = await work(connection)
        except BaseException as error:
            await self._put_back(connection, doubtful=_is_doubtful(error))
            raise
        await self._put_back(connection, doubtful=False)
        return done

    async def _put_back(self, connection: Connection, *, doubtful: bool) -> None:
        """Give a connection back, outside the deadline: whatever goes wrong here changes nothing about what was done.

        The pool takes a connection that was lost back by itself, and then refuses to hear of it.
        """
        with contextlib.suppress(*BROKEN, asyncpg.PostgresError):
            if doubtful or connection.is_in_transaction():
                connection.terminate()
            await self._pool.release(connection)


def _is_doubtful(error: BaseException) -> bool:
    """Whether its connection is not to be used again: it was left in the middle, or its server is no longer of use."""
    return not isinstance(error, Exception) or isinstance(meaning_of(error), UnavailableError)


async def _prepare(connection: Connection) -> None:
    await connection.execute(PREPARE)


async def _leave_as_it_is(connection: Connection) -> None:
    """No session state is ever changed, so nothing has to be undone: that would cost a round trip each time."""
