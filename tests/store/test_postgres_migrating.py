"""Migrating under a running service: nobody waits long, whoever else holds a table; an index is built beside all."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from tests.store.records import A as PARTNER
from tests.store.records import answer, customer, guid, moved, save, submitted, with_customers
from tests.support.postgres import PostgresServer
from vetline.store.port import UnavailableError
from vetline.store.postgres.schema import PAUSE_SECONDS, migrate, migrations, version_of
from vetline.store.postgres.store import PostgresStore

COLUMN = "-- readable by: 1\nALTER TABLE cases ADD COLUMN tomorrow text;\nALTER TABLE answers ADD COLUMN later text;"
INDEX = """-- readable by: 1
-- without a transaction
DROP INDEX CONCURRENTLY IF EXISTS cases_by_claim;
CREATE INDEX CONCURRENTLY cases_by_claim ON cases (partner, claim);
"""
SLOW = "SELECT pg_sleep(30)"
# What a request may have to wait behind a migration that waits for a table, and what a busy machine adds.
LONGEST_SECONDS = 0.2 + 0.8


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A fresh place."""
    return postgres.fresh()


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    """A service that runs on it."""
    found = await PostgresStore.open(url)
    yield found
    await found.close()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Any]:
    """Somebody else's connection."""
    found = await asyncpg.connect(url)
    yield found
    await found.close()


@pytest.fixture
async def migrating(url: str) -> AsyncIterator[Any]:
    """The connection of whoever migrates."""
    found = await asyncpg.connect(url)
    yield found
    await found.close()


class Requests:
    """Submits and reads without a pause, and keeps the time of each.

    Parameters:
        store: the service.
    """

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._numbers = iter(range(1, 100_000))
        self.seconds: list[float] = []
        self._stopping = False

    async def during(self, work: Callable[[], Awaitable[object]]) -> None:
        """Go on while something else is done, and for a moment before and after."""
        tasks = [asyncio.create_task(self._go_on()) for _ in range(8)]
        await asyncio.sleep(PAUSE_SECONDS)
        await work()
        self._stopping = True
        await asyncio.gather(*tasks)

    async def _go_on(self) -> None:
        while not self._stopping:
            number = next(self._numbers)
            begun = time.monotonic()
            await with_customers(self._store, customer(number))
            await save(self._store, *moved(submitted(customer(number))), remember=answer(number))
            assert len(await self._store.standing(PARTNER, guid(number))) == 1
            self.seconds.append((time.monotonic() - begun) / 3)


async def test_long_transaction_of_somebody_else_stops_nobody(store: PostgresStore, other: Any, migrating: Any) -> None:
    """A report reads a table for seconds; the migration steps back again and again, and is done after it."""
    requests = Requests(store)
    scripts = [*migrations(), COLUMN]

    async def migrated() -> None:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT count(*) FROM answers")
        waiting = asyncio.create_task(migrate(migrating, scripts))
        await asyncio.sleep(4 * PAUSE_SECONDS)
        assert not waiting.done()
        await transaction.rollback()
        assert await waiting == 1

    await requests.during(migrated)
    ordered = sorted(requests.seconds)
    p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    print(f"\n{len(ordered)} rounds, p50 {p50:.3f} s, p99 {p99:.3f} s, longest {ordered[-1]:.3f} s")  # noqa: T201
    assert ordered[-1] < LONGEST_SECONDS
    assert await version_of(migrating) == (len(scripts), 1)


async def test_migration_that_gives_up_has_done_nothing(store: PostgresStore, other: Any, migrating: Any) -> None:
    """It says what is in the way, and another try finds everything as it was."""
    async with other.transaction():
        await other.execute("SELECT count(*) FROM answers")
        with pytest.raises(UnavailableError, match="end those"):
            await migrate(migrating, [*migrations(), COLUMN], patience=1)
    await store.ping()
    assert await migrate(migrating, [*migrations(), COLUMN]) == 1


async def test_migration_that_would_hold_its_tables_for_long_is_undone(store: PostgresStore, migrating: Any) -> None:
    """What takes long is not for a transaction in which everybody waits."""
    begun = time.monotonic()
    with pytest.raises(asyncpg.QueryCanceledError):
        await migrate(migrating, [*migrations(), f"{COLUMN}\n{SLOW}"])
    assert time.monotonic() - begun < 15
    assert await version_of(migrating) == (len(migrations()), 1)
    await store.ping()


async def test_index_is_built_beside_the_requests(store: PostgresStore, other: Any, migrating: Any) -> None:
    """It waits for transactions that began earlier, and meanwhile stops nobody; one that broke off is built anew."""
    await other.execute("CREATE INDEX cases_by_claim ON cases (claim)")  # what an attempt before has left
    requests, scripts = Requests(store), [*migrations(), INDEX]

    async def migrated() -> None:
        async with other.transaction(isolation="repeatable_read"):
            await other.execute("SELECT count(*) FROM cases")
            waiting = asyncio.create_task(migrate(migrating, scripts))
            await asyncio.sleep(2 * PAUSE_SECONDS)
            assert not waiting.done()
        assert await waiting == 1

    await requests.during(migrated)
    assert max(requests.seconds) < LONGEST_SECONDS
    assert await other.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'cases_by_claim'")


async def test_those_that_wait_for_a_long_migration_do_not_stop_it(
    store: PostgresStore, url: str, other: Any, migrating: Any
) -> None:
    """An index waits for whoever has a snapshot: a process that waits for its turn must have none."""
    scripts = [*migrations(), INDEX]
    second = await asyncpg.connect(url)
    async with other.transaction(isolation="repeatable_read"):
        await other.execute("SELECT count(*) FROM cases")
        tasks = [asyncio.create_task(migrate(one, scripts)) for one in (migrating, second)]
        await asyncio.sleep(4 * PAUSE_SECONDS)
    assert await asyncio.wait_for(asyncio.gather(*tasks), 10) == [1, 1]
    await second.close()
