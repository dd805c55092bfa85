"""How the tables spread over several servers: the catalogue of the real schema says what every key begins with."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.support.postgres import PostgresServer
from vetline.store.postgres.schema import prepare

SCALING = Path(__file__).parents[2] / "docs" / "scaling.md"
# The schema's own version: one row, the same for every partner.
SHARED = {"vetline_schema"}
# Look-ups that are not under a partner; none of them is unique, so each server can keep its part.
CROSSING = {
    "customers_anywhere": "customer",  # tells another partner's customer from nobody's
    "cases_screening": "due_at",  # whatever worker is free takes the oldest case
    "cases_reviewing": "submitted_at",  # one desk for all partners
    "cases_waiting": "submitted_at",  # and its queue, by all that it is filtered by
    "cases_waiting_by_programme": "programme",
    "cases_waiting_by_country": "country",
    "cases_waiting_by_rule": "rule",
    "cases_waiting_by_domain": "domain",
    "cases_assigned": "assignee",  # what a reviewer has taken
    "cases_proposed": "submitted_at",  # what waits for a second person
    "cases_settling": "due_at",  # decisions about to take effect
    "events_by_moment": "at",  # what happened over all partners
    "answers_by_age": "at",  # old answers are forgotten
    "ended_sessions_by_age": "until",  # and so are sessions that would be over anyway
    "uploads_by_age": "at",  # and old uploads
    "deliveries_due": "due_at",  # whatever worker is free sends the oldest event
    "deliveries_by_age": "state",  # and old deliveries are forgotten
}
_INDEXES = """
SELECT t.relname AS table, x.relname AS index, i.indisunique, a.attname AS first
  FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_class AS x ON x.oid = i.indexrelid
  JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
 WHERE t.relnamespace = current_schema()::regnamespace
"""
_REFERENCES = """
SELECT a.attname FROM pg_constraint AS c
  JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
 WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


@pytest.fixture
async def catalogue(postgres: PostgresServer) -> AsyncIterator[Any]:
    """A connection to a database with the real schema."""
    url = postgres.fresh()
    await prepare(url)
    found = await asyncpg.connect(url)
    yield found
    await found.close()


async def test_every_key_starts_with_the_partner(catalogue: Any) -> None:
    """Otherwise no server could hold a unique key alone, nor follow a reference without asking the others."""
    indexes = await catalogue.fetch(_INDEXES)
    assert {row["first"] for row in indexes if row["indisunique"]} == {"partner"}
    assert {row["attname"] for row in await catalogue.fetch(_REFERENCES)} == {"partner"}


async def test_every_index_that_does_not_is_named_here(catalogue: Any) -> None:
    """Each costs a question to every server, so each has a reason."""
    indexes = await catalogue.fetch(_INDEXES)
    assert {row["index"]: row["first"] for row in indexes if row["first"] != "partner"} == CROSSING


async def test_documented_statements_distribute_every_table(catalogue: Any) -> None:
    """What scaling.md says to run names each table once."""
    text = SCALING.read_text("utf-8")
    distributed = re.findall(r"create_distributed_table\('(\w+)', 'partner'", text)
    shared = re.findall(r"create_reference_table\('(\w+)'\)", text)
    tables = {row["tablename"] for row in await catalogue.fetch(_TABLES)}
    assert sorted(distributed) == sorted(tables - SHARED)
    assert set(shared) == SHARED
