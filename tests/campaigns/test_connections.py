"""Single connections of both processes that answer are terminated at random, under load: no answer is wrong."""

from collections import Counter

import asyncpg

from tests.campaigns.cluster import ANSWERING, Cluster
from tests.campaigns.partners import at_work, judge
from tests.campaigns.scale import SCALE, chance

TERMINATIONS = 100 * SCALE
# One is terminated after at most so many more answers.
SOON = 4
TOGETHER = 16

_END_ONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 ORDER BY random() LIMIT 1"


async def test_lost_connections_are_not_noticed(cluster: Cluster) -> None:
    """Connections that read, write and listen go away in the middle of what they do; every answer is a right one."""
    random, ended = chance(), Counter[str]()
    admin = await asyncpg.connect(cluster.url)
    async with at_work(cluster, TOGETHER) as partners:
        while ended.total() < TERMINATIONS:
            await partners.until_more(random.randrange(SOON))
            name = random.choice(ANSWERING)
            ended[name] += bool(await admin.fetchval(_END_ONE, cluster.role(name)))
    await admin.close()
    stages = await judge(cluster, partners)
    print(f"ended {dict(ended)}, {partners}, {dict(stages)}")  # noqa: T201
    assert min(ended[name] for name in ANSWERING)
    assert set(partners.answers) <= {200, 201, 503}
    assert partners.answers[503] < TERMINATIONS / 4
