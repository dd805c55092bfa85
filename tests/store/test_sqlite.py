"""The SQLite store keeps every promise of the port."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.conformance import StoreConformance
from vetline.store.port import Store
from vetline.store.sqlite.store import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A fresh, empty SQLite store; it may be closed twice."""
    found = SqliteStore(tmp_path / "vetline.db")
    yield found
    await found.close()


class TestSqliteStore(StoreConformance):
    """One file."""
