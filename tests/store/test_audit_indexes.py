"""A page of what happened is read from an index, in its order: no sort of all that happened to a partner."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from tests.store.records import A, at, guid
from tests.support.postgres import PostgresServer
from vetline.store.audit import AuditPlace, AuditQuery
from vetline.store.postgres import audit as in_postgres
from vetline.store.postgres.link import PREPARE
from vetline.store.postgres.schema import prepare
from vetline.store.sqlite import audit as in_sqlite
from vetline.store.sqlite.schema import connect
from vetline.store.sqlite.store import SqliteStore

FIRST = AuditQuery(at(0), AuditPlace(at(9)), 50)
PAGES = [FIRST, replace(FIRST, before=AuditPlace(at(5), guid(1), "education", 2)), replace(FIRST, name="x")]
WALK = "SEARCH e USING INDEX events_of_partner (partner=? AND at>? AND (at,customer,programme,version)<(?,?,?,?))"
_CUSTOMERS = """
INSERT INTO customers
SELECT CASE WHEN n % 2 = 0 THEN $1::uuid ELSE gen_random_uuid() END, gen_random_uuid(), 'x', 'x', '{}',
       $2::timestamptz + n * interval '1 millisecond', 1 FROM generate_series(1, 5000) AS n"""
_EVENTS = """
INSERT INTO events
SELECT partner, customer, 'education', v, created_at + v * interval '1 millisecond', '{"step":"submit"}'
  FROM customers, generate_series(1, 20) AS v"""


@pytest.mark.parametrize("query", PAGES, ids=["first", "further", "by name"])
async def test_sqlite_walks_along_an_index(tmp_path: Path, query: AuditQuery) -> None:
    """Both what happened and who was created come from their index in order."""
    await SqliteStore(tmp_path / "vetline.db").close()
    connection = connect(tmp_path / "vetline.db", busy_ms=0)
    statement, bounds = in_sqlite.asked(A, query)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", bounds)]
    connection.close()
    assert any(WALK in step for step in plan), plan
    assert any("customers_of_partner (partner=? AND created_at>? AND created_at<?)" in step for step in plan), plan


async def test_sqlite_finds_one_customer_by_its_key(tmp_path: Path) -> None:
    """Not by walking along all that happened to others."""
    await SqliteStore(tmp_path / "vetline.db").close()
    connection = connect(tmp_path / "vetline.db", busy_ms=0)
    statement, bounds = in_sqlite.asked(A, replace(FIRST, customer=guid(1)))
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", bounds)]
    connection.close()
    assert any("SEARCH e USING INDEX events_key (partner=? AND customer=?)" in step for step in plan), plan


@pytest.fixture
async def connection(postgres: PostgresServer) -> AsyncIterator[Any]:
    """A connection such as the store's, to a database where much happened."""
    url = postgres.fresh()
    await prepare(url)
    found = await asyncpg.connect(url)
    await found.execute(_CUSTOMERS, A, at(0))
    await found.execute(_EVENTS)
    await found.execute("ANALYZE customers, events")
    await found.execute(PREPARE)
    yield found
    await found.close()


@pytest.mark.parametrize("query", PAGES[:2], ids=["first", "further"])
async def test_postgres_walks_along_an_index(connection: Any, query: AuditQuery) -> None:
    """The planner is left to itself."""
    statement, values = in_postgres.asked(A, query)
    plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}", *values))
    assert "events_of_partner" in plan, plan
    assert "Seq Scan on events" not in plan, plan
