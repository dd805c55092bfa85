"""PostgreSQL itself is killed under load and started again, ten times; four processes run through, and nobody helps."""

import asyncio
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.campaigns.cluster import Cluster
from tests.campaigns.partners import Partners, at_work, judge
from tests.campaigns.scale import SCALE, chance
from tests.support.authority import Authority
from tests.support.partner import Client, qualifications
from tests.support.postgres import PostgresServer

KILLS = 10 * SCALE
# It is killed after at most so many more answers.
SOON = 40
SOON_READY_SECONDS = 10.0


@pytest.fixture
def cluster(authority: Authority) -> Iterator[Cluster]:
    """Four processes on a PostgreSQL that is nobody else's."""
    with PostgresServer() as postgres, Cluster(authority, postgres) as found:
        yield found


async def test_killed_postgres_loses_nothing_and_comes_back(cluster: Cluster) -> None:
    """While it is away everybody is told to come again; afterwards all goes on, each submission is there once."""
    random, away = chance(), []
    pids = {name: service.process.pid for name, service in cluster.processes.items()}
    async with at_work(cluster) as partners:
        for _ in range(KILLS):
            await partners.until_more(1 + random.randrange(SOON))
            cluster.postgres.kill()
            await _are_told(cluster, partners)
            await asyncio.to_thread(cluster.postgres.start)
            away.append(await _seconds_until_ready(cluster))
        await partners.until_more(1)
    stages = await judge(cluster, partners)
    assert {name: service.process.pid for name, service in cluster.processes.items()} == pids
    seconds = ", ".join(f"{one:.2f}" for one in away)
    print(f"{KILLS} kills, ready again after {seconds} s, {partners}, {dict(stages)}")  # noqa: T201
    assert partners.answers[503]
    assert partners.answers["none"] == 0
    assert partners.slowest < 15
    assert max(away) < SOON_READY_SECONDS


async def _are_told(cluster: Cluster, partners: Partners) -> None:
    """See what each process says while the database is away."""
    path = qualifications(next(iter(partners.acknowledged)))
    for service in cluster.processes.values():
        async with httpx2.AsyncClient(base_url=service.base, timeout=30) as client:
            health = [(await client.get(path)).status_code for path in ("/healthz", "/readyz")]
            assert health == [200, 503]
    for service in cluster.answering:
        async with Client(service) as client:
            read = await client.http.get(path)
            assert (read.status_code, int(read.headers["Retry-After"]) > 0) == (503, True)


async def _seconds_until_ready(cluster: Cluster) -> float:
    """Return how long after the database takes connections all four are ready."""
    begun = time.monotonic()
    await cluster.until_ready()
    return time.monotonic() - begun
