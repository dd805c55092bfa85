"""What a claim costs: the same however many cases and partners wait, on both stores."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.store.conformance_turns import with_partners
from tests.store.records import A, approved, at, moved, save, with_cases
from tests.support.postgres import PostgresServer
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import Link
from vetline.store.postgres.store import PostgresStore
from vetline.store.sqlite.claims import Claims
from vetline.store.sqlite.rows import micros
from vetline.store.sqlite.schema import connect
from vetline.store.sqlite.store import SqliteStore

PLACES = 16
SOON, LATE = at(100_000), at(200_000)
NOBODY = UUID(int=0)


async def _cost(folder: Path, counts: Sequence[int]) -> int:
    """Return how many instructions SQLite runs for a claim when partners have so many cases waiting."""
    store = SqliteStore(folder / "vetline.db", durable=False)
    await with_partners(store, counts)
    await store.close()
    connection, ran = connect(folder / "vetline.db", busy_ms=0), 0

    def count() -> None:
        nonlocal ran
        ran += 1

    connection.set_progress_handler(count, 1)
    claimed = Claims().take(connection, micros(SOON), micros(LATE), PLACES)
    connection.close()
    assert len(claimed) == PLACES
    return ran


async def test_sqlite_claim_costs_the_same_however_much_waits(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Thirty times as many partners, or cases of one, are no more work."""
    some, partners, cases = [
        await _cost(tmp_path_factory.mktemp("claim"), counts) for counts in ([4] * 40, [4] * 1_200, [120, *[4] * 39])
    ]
    assert partners < 1.2 * some
    assert cases < 1.2 * some


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A fresh place."""
    return postgres.fresh()


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    """A store there."""
    found = await PostgresStore.open(url)
    yield found
    await found.close()


@pytest.fixture
async def link(url: str, store: PostgresStore) -> AsyncIterator[Link]:
    """A connection beside it, with a service's own settings."""
    found = Link(url, 1)
    await found.open()
    yield found
    await found.close()


async def _explained(link: Link, name: str, types: str, values: str) -> dict[str, Any]:
    """Return the plan that is made for any values, a service's after its first statements; what it did is undone."""

    async def explain(connection: Any) -> Any:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE {name} ({types}) AS {SQL[name]}")
        await connection.execute("BEGIN")
        found = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name} ({values})")
        await connection.execute("ROLLBACK")
        return found

    plan: dict[str, Any] = json.loads(await link.once(explain))[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


async def _plans(link: Link, partners: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return every node of the plans of a claim."""
    moments = f"'{SOON}', '{LATE}', 1"
    those = "ARRAY[" + ",".join(f"'{one}'" for one in partners) + "]::uuid[]"
    asked = [
        ("partners_in_turn", "uuid, bigint", f"'{NOBODY}', {PLACES}"),
        ("claim_of_partners", "timestamptz, timestamptz, bigint, uuid[]", f"{moments}, {those}"),
        ("claim_oldest", "timestamptz, timestamptz, bigint", moments),
    ]
    return [node for name, types, values in asked for node in _nodes(await _explained(link, name, types, values))]


def _scanned(nodes: Sequence[dict[str, Any]]) -> set[str]:
    """Return by what the cases were found."""
    return {node.get("Index Name", node["Node Type"]) for node in nodes if node.get("Relation Name") == "cases"}


@pytest.mark.parametrize("analysed", [False, True])
async def test_postgres_claim_looks_at_no_more_than_it_takes(store: PostgresStore, link: Link, analysed: bool) -> None:
    """By the indexes of what waits, also when most is decided and the server does not know: no row too many."""
    await with_partners(store, [2] * 400)
    decided = await with_cases(store, range(1, 1_001))
    await save(store, *(effect for case in decided for effect in moved(approved(case))))
    if analysed:
        await link.fetch("VACUUM ANALYZE cases")
    partners = [row[0] for row in await link.fetch(SQL["partners_in_turn"], NOBODY, PLACES)]
    assert len(partners) == PLACES
    assert UUID(A) not in partners
    nodes = await _plans(link, partners)
    assert _scanned(nodes) - {"ModifyTable"} <= {"cases_turns", "cases_screening", "cases_pkey"}
    walked = [node["Actual Rows"] for node in nodes if node["Node Type"] == "Recursive Union"]
    assert walked == [PLACES]
    assert all(node["Actual Rows"] * node["Actual Loops"] <= PLACES for node in nodes)
    assert all(node.get("Rows Removed by Filter", 0) == 0 for node in nodes)
