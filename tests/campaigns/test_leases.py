"""A worker is killed, or stands still, in the middle of a case: another takes it over, and one decision is made.

The moments are exact. What a worker needs next is locked, so it stands where it is: before `customers` it has claimed
and not judged, before `events` it has judged, and its transaction is open.
"""

import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.campaigns.cluster import Cluster
from tests.durability.audit import timelines_of
from tests.durability.checker import Timelines
from tests.support.partner import Client

COUNT = 20
SOONER, LATER = "worker_1", "worker_2"
MOMENTS = ["customers", "events"]

_HELD = "SELECT count(*) FROM cases WHERE stage = 'screening' AND lease_until > now() + interval '30 seconds'"
_STANDING_BEFORE = """
    SELECT count(DISTINCT a.usename) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
     WHERE a.usename = $1 AND l.relation = $2::text::regclass AND NOT l.granted"""


@pytest.mark.parametrize("moment", MOMENTS)
async def test_other_worker_takes_over_after_the_lease(cluster: Cluster, moment: str) -> None:
    """Killed with its cases in hand: nobody touches them before the lease ends, and right after it they are decided."""
    customers = await _submitted(cluster)
    cluster.kill(LATER)
    async with _in_the_middle(cluster, moment):
        cluster.kill(SOONER)
    cluster.start(LATER)
    await _screens(cluster)
    assert await cluster.sql(_HELD) == COUNT
    assert _steps(await _logs(cluster, customers)) == {("submit",)}
    await cluster.until_screened()
    assert _steps(await _logs(cluster, customers)) == {("submit", "refer")}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_worker_that_stood_still_decides_nothing_anew(cluster: Cluster, moment: str) -> None:
    """It goes on with its cases after their lease, when another has decided them: its save loses.

    One that stands still in an open transaction keeps its cases for ten seconds; then the database ends it.
    """
    customers = await _submitted(cluster)
    async with _in_the_middle(cluster, moment):
        cluster.freeze(SOONER)
    cluster.thaw(LATER)
    await cluster.until_screened()
    decided = await _logs(cluster, customers)
    cluster.freeze(LATER)
    cluster.thaw(SOONER)
    await _screens(cluster)
    assert await _logs(cluster, customers) == decided
    assert _steps(decided) == {("submit", "refer")}


async def _submitted(cluster: Cluster) -> list[str]:
    """Submit for customers while no worker looks."""
    for name in (SOONER, LATER):
        cluster.freeze(name)
    return await _submit(cluster, COUNT)


async def _submit(cluster: Cluster, count: int) -> list[str]:
    async with Client(cluster.answering[0]) as client:
        customers = await client.create(count)
        for customer in customers:
            (await client.ask(customer)).raise_for_status()
    return customers


@contextlib.asynccontextmanager
async def _in_the_middle(cluster: Cluster, table: str) -> AsyncIterator[None]:
    """Let the sooner worker have all cases; inside it stands before a table that it needs for them."""
    connection = await asyncpg.connect(cluster.url)
    async with connection.transaction():
        await connection.execute(f"LOCK TABLE {table}")
        cluster.thaw(SOONER)
        await cluster.until(_STANDING_BEFORE, 1, cluster.role(SOONER), table)
        assert await cluster.sql(_HELD) == COUNT
        yield
    await connection.close()


async def _screens(cluster: Cluster) -> None:
    """See that the one worker that runs has done what it had in hand, and takes what comes."""
    (customer,) = await _submit(cluster, 1)
    await cluster.until("SELECT stage FROM cases WHERE customer = $1", "reviewing", customer)


async def _logs(cluster: Cluster, customers: list[str]) -> Timelines:
    async with Client(cluster.answering[1], "reviewer") as reviewer:
        return await timelines_of(reviewer, [(customer, "Education") for customer in customers])


def _steps(timelines: Timelines) -> set[tuple[str, ...]]:
    """Return which courses the cases have taken."""
    return {tuple(one.step for one in steps) for steps in timelines.values()}
