"""The SQLite store keeps every promise of the port."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.conformance import StoreConformance
from tests.store.conformance_review import with_waiting
from tests.store.records import A, at, customer, with_customers
from vetline.store.port import Store, UnavailableError
from vetline.store.records import CustomerQuery
from vetline.store.sqlite.store import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A fresh, empty SQLite store; it may be closed twice."""
    found = SqliteStore(tmp_path / "vetline.db")
    yield found
    await found.close()


class TestSqliteStore(StoreConformance):
    """One file."""


class TestThrowAwayStore(StoreConformance):
    """One file that nobody will open again."""

    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        """A fresh, empty throw-away store."""
        found = SqliteStore(tmp_path / "vetline.db", durable=False)
        yield found
        await found.close()


async def test_a_list_waits_for_no_sum(tmp_path: Path) -> None:
    """However many are asked for: a dashboard's look takes a while."""
    store = SqliteStore(tmp_path / "vetline.db")
    await with_waiting(store, range(60))
    moments = [at(number) for number in range(1_000)]
    sums = [asyncio.create_task(store.waiting_before(moments)) for _ in range(300)]
    await asyncio.sleep(0)
    assert len(await store.customers(A, CustomerQuery(9))) == 9
    assert not all(one.done() for one in sums)
    await asyncio.gather(*sums)
    await store.close()


async def test_throw_away_store_needs_no_thread_for_little(tmp_path: Path) -> None:
    """Nor a second connection, until something is read."""
    before = {*threading.enumerate()}
    store = SqliteStore(path := tmp_path / "vetline.db", durable=False)
    await with_customers(store, *map(customer, range(9)))
    assert _times_open(path) == 1
    assert (await store.customer(A, customer(1).id)).domain == customer(1).domain
    assert _times_open(path) == 2
    assert {*threading.enumerate()} <= before
    await store.close()


async def test_closed_throw_away_store_makes_no_file_anew(tmp_path: Path) -> None:
    """Somebody may still ask: what was thrown away is gone all the same."""
    store = SqliteStore(path := tmp_path / "vetline.db", durable=False)
    await store.close()
    path.unlink()
    for asked in (store.codes(A), store.customers(A, CustomerQuery(9)), store.waiting(), store.ping(), store.erase()):
        with pytest.raises(UnavailableError, match="closed"):
            await asked
    assert not os.listdir(tmp_path)


async def test_log_of_a_throw_away_store_does_not_grow_without_end(tmp_path: Path) -> None:
    """However much is written: it lies in memory."""
    store = SqliteStore(path := tmp_path / "vetline.db", durable=False)
    largest = 0
    for turn in range(60):
        await with_customers(store, *map(customer, range(turn * 400, turn * 400 + 400)))
        largest = max(largest, _size(Path(f"{path}-wal")))
    assert largest < _size(path)
    await store.close()


def _size(file: Path) -> int:
    return file.stat().st_size


def _times_open(path: Path) -> int:
    return [os.path.realpath(one) for one in Path("/proc/self/fd").iterdir()].count(str(path))
