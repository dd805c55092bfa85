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
from msgspec.structs import replace
from tests.support.postgres import PostgresServer

from bench.durable import submission
from bench.processes import LOAD_CORE, SERVER_CORE, pinned
from bench.seeding import NOW, customer_id
from vetline.sandbox.register import seed, seeded_customers
from vetline.sandbox.seeds import CONTOSO_TENANT
from vetline.store.changes import Change, CustomerAdded
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.plan import steps
from vetline.store.postgres.store import PostgresStore

CHUNK = 2_000
TASKS = 64

Work = Callable[[Any], Awaitable[None]]


@contextmanager
def database(customers: int) -> Iterator[str]:
    """Yield the address of a database with so many customers of Contoso."""
    with pinned(LOAD_CORE):
        server = PostgresServer()
    with server:
        url = server.fresh()
        asyncio.run(_seed(url, customers))
        server.sql("VACUUM ANALYZE")
        yield url


async def _seed(url: str, number: int) -> None:
    store = await PostgresStore.open(url)
    await seed(store, NOW)
    template = seeded_customers(NOW)[0]
    for first in range(0, number, CHUNK):
        ids = ((each, customer_id(each)) for each in range(first, min(first + CHUNK, number)))
        added = (CustomerAdded(replace(template, id=one, company_name=f"Customer {each:09d}")) for each, one in ids)
        await store.save(Change(tuple(added)))
    await store.close()


class Driver:
    """The driver alone, one query or transaction for each of sixty-four tasks at a time.

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

    def _run(self, work: Work) -> float:
        with pinned(SERVER_CORE):
            return uvloop.run(self._rate(work))

    async def _rate(self, work: Work) -> float:
        pool = await asyncpg.create_pool(self._url, min_size=1, max_size=self._connections, reset=_leave)
        begun, done = time.perf_counter(), 0

        async def again_and_again() -> None:
            nonlocal done
            while time.perf_counter() - begun < self._seconds:
                async with pool.acquire() as connection:
                    await work(connection)
                done += 1

        await asyncio.gather(*(again_and_again() for _ in range(TASKS)))
        rate = done / (time.perf_counter() - begun)
        await pool.close()
        return rate

    async def _commit(self, connection: Any) -> None:
        change = submission(next(self._numbers))
        async with connection.transaction():
            for step in steps([change]):
                await connection.execute(SQL[step.statement], *step.columns)


async def _read(connection: Any) -> None:
    await connection.fetch(SQL["standing"], [CONTOSO_TENANT], [customer_id(0)])


def _leave(connection: Any) -> Coroutine[Any, Any, None]:
    return asyncio.sleep(0)
