"""The service on PostgreSQL against what its driver does without gathering: one query a read, one transaction a change.

The service and the driver have the first processor in turn; PostgreSQL has the second, which it shares with the load.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import asyncpg
import uvloop

from bench.durable import submission
from bench.postgres import postgres, settle
from bench.processes import SERVER_CORE, pinned
from bench.seeding import add_customers, customer_id
from vetline.sandbox.contents.seeds import CONTOSO_TENANT
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.plan import steps

TASKS = 64

Work = Callable[[Any], Awaitable[None]]


@contextmanager
def database(customers: int) -> Iterator[str]:
    """Yield the address of a database with so many customers of Contoso."""
    with postgres() as url:
        add_customers(url, 0, customers)
        settle(url)
        yield url


class Driver:
    """The driver alone: sixty-four tasks at a time, or two for queries and transactions of sixty-four each.

    Parameters:
        url: the database.
        seconds: how long a run lasts.
        connections: how many the tasks share.
    """

    _numbers = count(300_000)

    def __init__(self, url: str, seconds: int, connections: int = TASKS) -> None:
        self._url = url
        self._seconds = seconds
        self._connections = connections

    def reads(self) -> float:
        """Return how many customers' standings are read per second."""
        return self._run(_read)

    def commits(self) -> float:
        """Return how many submissions are committed per second."""
        return self._run(self._commit)

    def reads_together(self) -> float:
        """Return how many are read per second, sixty-four to a query."""
        return TASKS * self._run(_read_many, tasks=2)

    def commits_together(self) -> float:
        """Return how many submissions are committed per second, sixty-four to a transaction."""
        return TASKS * self._run(self._commit_many, tasks=2)

    def _run(self, work: Work, tasks: int = TASKS) -> float:
        with pinned(SERVER_CORE):
            return uvloop.run(self._rate(work, tasks))

    async def _rate(self, work: Work, tasks: int) -> float:
        pool = await asyncpg.create_pool(self._url, min_size=1, max_size=self._connections, reset=_leave)
        begun, done = time.perf_counter(), 0

        async def again_and_again() -> None:
            nonlocal done
            while time.perf_counter() - begun < self._seconds:
                async with pool.acquire() as connection:
                    await work(connection)
                done += 1

        await asyncio.gather(*(again_and_again() for _ in range(tasks)))
        rate = done / (time.perf_counter() - begun)
        await pool.close()
        return rate

    async def _commit(self, connection: Any, count: int = 1) -> None:
        changes = [submission(next(self._numbers)) for _ in range(count)]
        async with connection.transaction():
            for step in steps(changes):
                await connection.execute(SQL[step.statement], *step.columns)

    async def _commit_many(self, connection: Any) -> None:
        await self._commit(connection, TASKS)


async def _read(connection: Any, count: int = 1) -> None:
    await connection.fetch(SQL["standing"], [CONTOSO_TENANT] * count, [customer_id(0)] * count)


async def _read_many(connection: Any) -> None:
    await _read(connection, TASKS)


def _leave(connection: Any) -> Coroutine[Any, Any, None]:
    return asyncio.sleep(0)
