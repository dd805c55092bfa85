"""What one process saves wakes those who wait in another, within moments and not at the next look."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.store.records import A, approved, customer, guid, moved, save, submitted, with_cases, with_customers
from tests.support.postgres import PostgresServer
from tests.support.wire_tap import WireTap
from vetline.store.postgres.news import MAX_MARKS
from vetline.store.postgres.store import PostgresStore

IN_TIME = 20


@pytest.fixture
async def line(postgres: PostgresServer) -> AsyncIterator[WireTap]:
    """A line to a fresh place in the database."""
    async with WireTap(postgres.fresh()) as found:
        yield found


@pytest.fixture
async def here(line: WireTap) -> AsyncIterator[PostgresStore]:
    """The process that saves; it listens already."""
    found = await PostgresStore.open(line.url)
    yield found
    await found.close()


@pytest.fixture
async def there(line: WireTap) -> AsyncIterator[PostgresStore]:
    """The process in which somebody waits; it listens already."""
    found = await PostgresStore.open(line.url)
    yield found
    await found.close()


async def test_save_rings_in_the_other_process(here: PostgresStore, there: PostgresStore) -> None:
    """The customer's bell, and nobody else's; then the change can be read there."""
    first, _ = await with_cases(here, [1, 2])
    with there.bells.bell(A, guid(1)) as bell:
        await asyncio.wait_for(bell.wait(), IN_TIME)  # of the case itself
    with there.bells.bell(A, guid(1)) as bell, there.bells.bell(A, guid(2)) as other:
        await save(here, *moved(approved(first)))
        await asyncio.wait_for(bell.wait(), IN_TIME)
        assert not other.is_set()
        assert [one.in_review for one in await there.standing(A, guid(1))] == [False]


async def test_case_that_is_due_wakes_the_worker_of_the_other_process(
    here: PostgresStore, there: PostgresStore
) -> None:
    """Only a case that is to be screened does."""
    woken = asyncio.Event()
    there.bells.when_due(woken.set)
    with there.bells.bell(A, guid(1)) as bell:
        await with_customers(here, customer(1))
        await asyncio.wait_for(bell.wait(), IN_TIME)
    assert not woken.is_set()
    await save(here, *moved(submitted(customer(1))))
    await asyncio.wait_for(woken.wait(), IN_TIME)


async def test_more_news_than_a_notification_holds_wakes_everybody(here: PostgresStore, there: PostgresStore) -> None:
    """Nobody is forgotten when too much happens at once."""
    with there.bells.bell(A, guid(MAX_MARKS + 5)) as bell:
        await with_cases(here, range(1, MAX_MARKS + 10))
        await asyncio.wait_for(bell.wait(), IN_TIME)


async def test_listening_goes_on_after_a_cut(here: PostgresStore, there: PostgresStore, line: WireTap) -> None:
    """What was missed meanwhile wakes everybody once the line is back."""
    with there.bells.bell(A, guid(1)) as bell, here.bells.bell(A, guid(1)) as own:
        line.cut()
        await asyncio.wait_for(asyncio.gather(bell.wait(), own.wait()), IN_TIME)
    with there.bells.bell(A, guid(2)) as bell:
        await with_customers(here, customer(2))
        await asyncio.wait_for(bell.wait(), IN_TIME)
