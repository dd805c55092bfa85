"""Waiting for a decision: the bell is enough, and so is looking again where the bell can't be heard."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.records import EDUCATION, A, approved, customer, guid, moved, referred, save, submitted, with_customers
from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.desk import waiting
from vetline.desk.waiting import WaitingRoom
from vetline.reference.library import ReferenceLibrary
from vetline.store.port import ForeignCustomerError, UnavailableError, UnknownCustomerError
from vetline.store.sqlite.store import SqliteStore
from vetline.vetting.case import Case
from vetline.vetting.words import Stage
from vetline.wiring import furnish

LONG = 100.0
IN_TIME = 10.0


@pytest.fixture
def room(store: SqliteStore) -> WaitingRoom:
    """A waiting room over the store."""
    return furnish(store, SystemClock(), ReferenceLibrary(), Choices()).waiting


@pytest.fixture
async def case(store: SqliteStore) -> Case:
    """A case that waits for a person."""
    await with_customers(store, customer())
    first = submitted(customer(), EDUCATION)
    second = referred(first.case)
    await save(store, *moved(first, second))
    return second.case


@pytest.fixture
async def waiter(room: WaitingRoom, store: SqliteStore, case: Case) -> AsyncIterator["asyncio.Task[list[Stage]]"]:
    """Somebody who waits for it."""
    task = asyncio.create_task(_stages(room))
    async with asyncio.timeout(IN_TIME):
        while not len(store.bells):  # noqa: ASYNC110 - the task is what is waited for
            await asyncio.sleep(0)
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _stages(room: WaitingRoom, seconds: float = LONG) -> list[Stage]:
    return [standing.stage for standing in await room.decided(A, guid(1), seconds)]


async def test_the_bell_alone_wakes(
    monkeypatch: pytest.MonkeyPatch, waiter: "asyncio.Task[list[Stage]]", store: SqliteStore, case: Case
) -> None:
    """Nobody who hears of a decision waits for the next look."""
    monkeypatch.setattr(waiting, "LOOK_SECONDS", LONG)
    await save(store, *moved(approved(case)))
    assert await asyncio.wait_for(waiter, IN_TIME) == [Stage.APPROVED]
    assert len(store.bells) == 0


async def test_what_rings_no_bell_is_seen(
    tmp_path: Path, waiter: "asyncio.Task[list[Stage]]", store: SqliteStore, case: Case
) -> None:
    """Another process's decision: another store on the same file."""
    other = SqliteStore(tmp_path / "vetline.db")
    await save(other, *moved(approved(case)))
    await other.close()
    assert await asyncio.wait_for(waiter, IN_TIME) == [Stage.APPROVED]


async def test_a_closed_room_lets_everybody_go(room: WaitingRoom, waiter: "asyncio.Task[list[Stage]]") -> None:
    """Who waits, and who comes too late."""
    room.close()
    assert await asyncio.wait_for(waiter, IN_TIME) == [Stage.REVIEWING]
    assert await asyncio.wait_for(_stages(room), IN_TIME) == [Stage.REVIEWING]


async def test_a_wait_that_is_given_up_leaves_nothing(store: SqliteStore, waiter: "asyncio.Task[list[Stage]]") -> None:
    """The client has hung up."""
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    assert len(store.bells) == 0


async def test_no_time_is_a_read(room: WaitingRoom, case: Case) -> None:
    """Whoever waits for nothing reads once."""
    assert await _stages(room, 0) == [Stage.REVIEWING]


async def test_refusals_do_not_wait(room: WaitingRoom, store: SqliteStore) -> None:
    """Nobody's customer, and a stranger's."""
    with pytest.raises(UnknownCustomerError):
        await asyncio.wait_for(_stages(room), IN_TIME)
    await with_customers(store, customer(1, "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"))
    with pytest.raises(ForeignCustomerError):
        await asyncio.wait_for(_stages(room), IN_TIME)
    assert len(store.bells) == 0


async def test_a_store_that_fails_ends_the_wait(waiter: "asyncio.Task[list[Stage]]", store: SqliteStore) -> None:
    """The answer is the fault of that moment; the client may come again."""
    await store.close()
    with pytest.raises(UnavailableError):
        await asyncio.wait_for(waiter, IN_TIME)
