"""Two processes answer on one PostgreSQL: what one of them promises holds for both."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.campaigns.cluster import ANSWERING, Cluster
from tests.campaigns.scale import SCALE
from tests.durability import racing
from tests.durability.audit import timelines_of
from tests.durability.checker import ASKING
from tests.support.partner import EDUCATION, Client, at_once, government

ROUNDS = 10 * SCALE
TOGETHER = 32
CUSTOMERS = 10 * SCALE
BODIES = [pytest.param(EDUCATION, "submit", id="education"), pytest.param(government(), "redeem", id="government")]


@pytest.fixture
async def clients(cluster: Cluster) -> AsyncIterator[list[Client]]:
    """A client of each process that answers."""
    one, other = cluster.answering
    async with Client(one) as first, Client(other) as second:
        yield [first, second]


async def test_five_creations_make_five_customers(cluster: Cluster, clients: list[Client]) -> None:
    """64 want a code of which five are left, half of them at each process: exactly five get one, over and over."""
    await racing.race(ROUNDS, lambda: cluster.answering[0].issue_code(racing.LEFT, racing.CODE), *clients)


@pytest.mark.parametrize(("body", "step"), BODIES)
async def test_equal_requests_are_one(cluster: Cluster, clients: list[Client], body: Any, step: str) -> None:
    """32 equal POSTs at once, half of them at each process: one effect, and one answer, byte for byte.

    Both refuse the same id with another body. All this is still so when both were killed and started again.
    """
    cluster.answering[0].issue_code(CUSTOMERS, racing.CODE)
    customers = await clients[0].create(CUSTOMERS)
    first = {customer: await _ask_at_once(clients, customer, body) for customer in customers}
    cluster.kill(*ANSWERING)
    cluster.start(*ANSWERING)
    for customer in customers:
        assert await _ask_at_once(clients, customer, body) == first[customer]
    assert cluster.answering[1].remaining() == (0 if step == "redeem" else CUSTOMERS)
    await _assert_once(cluster, customers, body, step)


async def _ask_at_once(clients: list[Client], customer: str, body: Any) -> bytes:
    """Return the one answer that all get; whoever means something else by the same id is refused."""
    answers = await at_once(TOGETHER, lambda n: clients[n % 2].ask(customer, body, customer))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    for client in clients:
        refused = await client.ask(customer, {"qualification": "StateOwnedEntity"}, customer)
        assert (refused.status_code, refused.json()["errorName"]) == (400, "RequestIdReused")
    return answers[0].content


async def _assert_once(cluster: Cluster, customers: list[str], body: Any, step: str) -> None:
    async with Client(cluster.answering[0], "reviewer") as reviewer:
        timelines = await timelines_of(reviewer, [(customer, body["qualification"]) for customer in customers])
    assert len(timelines) == CUSTOMERS
    for steps in timelines.values():
        assert [one.step for one in steps if one.step in ASKING] == [step]
