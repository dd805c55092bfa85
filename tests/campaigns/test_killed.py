"""kill -9 under load, twenty times: one of two processes that answer and two that screen, and it is started again."""

import asyncio

from tests.campaigns.cluster import ROLES, Cluster
from tests.campaigns.partners import at_work, judge
from tests.campaigns.scale import SCALE, chance

KILLS = 20 * SCALE
# A process is killed after at most so many more answers.
SOON = 20


async def test_twenty_kills_lose_nothing_and_double_nothing(cluster: Cluster) -> None:
    """Whoever is not answered asks the other process; in the end each submission is there once and decided once."""
    random, killed = chance(), []
    async with at_work(cluster) as partners:
        for _ in range(KILLS):
            killed.append(random.choice(list(ROLES)))
            await partners.until_more(random.randrange(SOON))
            cluster.kill(killed[-1])
            await asyncio.to_thread(cluster.start, killed[-1])
    await cluster.until_ready()
    stages = await judge(cluster, partners)
    print(f"{KILLS} kills, {partners}, {dict(stages)}")  # noqa: T201
    assert partners.answers["none"]
