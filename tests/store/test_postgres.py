"""The PostgreSQL store keeps every promise of the port."""

from collections.abc import AsyncIterator

import pytest

from tests.store.conformance import StoreConformance
from tests.support.postgres import PostgresServer
from vetline.store.port import Store
from vetline.store.postgres.store import PostgresStore


@pytest.fixture
async def store(postgres: PostgresServer) -> AsyncIterator[Store]:
    """A fresh, empty store in a schema of its own; it may be closed twice."""
    found = await PostgresStore.open(postgres.fresh())
    yield found
    await found.close()


class TestPostgresStore(StoreConformance):
    """One server."""
