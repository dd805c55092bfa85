"""No row of the queue is fetched to find out that it is not wanted: the indexes hold all that it is filtered by.

A domain, or a reviewer, may have thousands of cases; to read each of them would take seconds from a cold disk.
"""

import sqlite3
from collections.abc import AsyncIterator
from itertools import combinations
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.store.records import A
from tests.support.postgres import PostgresServer
from vetline.store.postgres.link import PREPARE
from vetline.store.postgres.queue import page_query
from vetline.store.postgres.schema import prepare
from vetline.store.queue import QueueFilter, QueuePage
from vetline.store.sqlite.queue import INDEXES
from vetline.store.sqlite.store import SqliteStore
from vetline.vetting.words import Programme

FILTERED_BY = {"programme", "country", "rule", "domain", "partner", "assignee", "proposer", "submitted_at", "due_at"}
# All that leave few cases; of those that nobody has, or that nothing is proposed on, the first ones do.
FILTERS: list[dict[str, Any]] = [
    {"programme": Programme.EDUCATION}, {"country": "C1"}, {"rule": "r1"}, {"domain": "d1"}, {"partner": A},
    {"assignee": "a1"}, {"proposed": True},
]  # fmt: skip
PAIRS = [one | other for one, other in combinations([*FILTERS, {"unassigned": True}, {"proposed": False}], 2)]
_CUSTOMERS = """
INSERT INTO customers SELECT md5((n % 50)::text)::uuid, gen_random_uuid(), 'x', 'x', '{}', now(), 1
  FROM generate_series(1, 5000) AS n"""
_CASES = """
INSERT INTO cases (partner, customer, programme, stage, attempt, claim, submitted_at, version, country, rule, domain,
                   assignee, proposer)
SELECT partner, customer, CASE WHEN n % 9 = 0 THEN 'government' ELSE 'education' END, 'reviewing', 1, '{}',
       now() - n * interval '1 minute', 2, 'C' || n % 7, 'r' || n % 5, 'd' || n % 500,
       CASE WHEN n % 20 = 0 THEN 'a' || n % 8 END, CASE WHEN n % 50 = 0 THEN 'p' END
  FROM (SELECT *, row_number() OVER () AS n FROM customers) AS c"""


@pytest.fixture
async def connection(postgres: PostgresServer) -> AsyncIterator[Any]:
    """A connection such as the store's, to a database with cases that wait."""
    url = postgres.fresh()
    await prepare(url)
    found = await asyncpg.connect(url)
    await found.execute(_CUSTOMERS)
    await found.execute(_CASES)
    await found.execute("ANALYZE customers, cases")
    await found.execute(PREPARE)
    await found.execute("SET plan_cache_mode = force_generic_plan")
    yield found
    await found.close()


async def test_each_index_of_sqlite_holds_what_is_filtered_by(tmp_path: Path) -> None:
    """Which of them answers is said by name."""
    await SqliteStore(tmp_path / "vetline.db").close()
    database = sqlite3.connect(tmp_path / "vetline.db")
    held = {index: {row[2] for row in database.execute(f"PRAGMA index_info({index})")} for index in INDEXES}
    database.close()
    assert {index: FILTERED_BY - columns for index, columns in held.items() if FILTERED_BY - columns} == {}


async def test_each_plan_of_postgresql_looks_into_an_index_only(connection: Any) -> None:
    """Also one that was made for no filter in particular, of which the planner knows nothing."""
    plans = {str(values): await _plan(connection, values) for values in [*FILTERS, *PAIRS] if values.get("proposed", 1)}
    assert {name: plan for name, plan in plans.items() if "Index Cond:" not in plan or "Filter:" in plan} == {}


async def _plan(connection: Any, values: dict[str, Any]) -> str:
    query, given = page_query(QueueFilter(**values), QueuePage(26))
    literals = ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in given)
    await connection.execute(f"PREPARE page AS {query}")
    plan = await connection.fetch(f"EXPLAIN EXECUTE page ({literals})")
    await connection.execute("DEALLOCATE page")
    return "\n".join(line for (line,) in plan)
