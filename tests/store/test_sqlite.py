"""The SQLite store keeps every promise of the port."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.conformance import StoreConformance
from tests.store.conformance_review import with_waiting
from tests.store.records import A, at
from vetline.store.port import Store
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
