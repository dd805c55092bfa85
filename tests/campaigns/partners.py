"""Partners who ask whichever process answers, ask again until they are answered, and write down what they were told."""

import asyncio
import contextlib
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import cycle

import httpx2

from tests.campaigns.cluster import PATIENCE_SECONDS, Cluster
from tests.durability.audit import timelines_of
from tests.durability.checker import Key, Observation, Timelines, violations
from tests.support.partner import EDUCATION, Client, new_customer, qualifications

TOGETHER = 4
PAUSE_SECONDS = 0.02
# Customers whom the data approves and denies, and one who needs a person.
KINDS = (("harvard.edu", "Harvard University"), ("mailinator.com", "Nobody"), ("", "Contoso"))
SETTLED = {"approved", "denied", "reviewing"}
_COUNT = "SELECT count(*) FROM {} WHERE customer = ANY($1::uuid[])"

Send = Callable[[Client], Awaitable[httpx2.Response]]


class Partners:
    """What several partners do at the same time, and what they have seen.

    Parameters:
        clients: each calls one of the processes; requests go to them in turn.
    """

    def __init__(self, clients: Sequence[Client]) -> None:
        self._clients = cycle(clients)
        self._kinds = cycle(KINDS)
        self.going = True
        self.acknowledged: dict[str, bytes] = {}
        self.observed: list[Observation] = []
        self.answers: Counter[int | str] = Counter()
        self.slowest = 0.0

    async def work(self) -> None:
        """Create a customer, submit for it, read how it stands; again and again until told to stop."""
        while self.going:
            customer = await self._create()
            await self._submit(customer)
            await self._read(customer)

    async def _create(self) -> str:
        domain, name = next(self._kinds)
        body, request = new_customer(len(self.observed), domain, name), str(uuid.uuid4())
        answer = await self._answer(lambda client: client.send("POST", "/v1/customers", body, request))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def _submit(self, customer: str) -> None:
        begun = time.monotonic()
        answer = await self._answer(lambda client: client.ask(customer, EDUCATION, request_id=customer))
        assert answer.status_code == 201, answer.text
        date = answer.json()["vettingCreateDate"]
        self.observed.append(Observation(begun, time.monotonic(), _key(customer), asked=True, date=date))
        self.acknowledged[customer] = answer.content

    async def _read(self, customer: str) -> None:
        begun = time.monotonic()
        answer = await self._answer(lambda client: client.http.get(qualifications(customer)))
        assert answer.status_code == 200, answer.text
        (shown,) = [one["vettingStatus"] for one in answer.json()]
        self.observed.append(Observation(begun, time.monotonic(), _key(customer), shown))

    async def _answer(self, send: Send) -> httpx2.Response:
        """Ask one process, and the next one when it does not answer or wants to be asked later."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (answer := await self._try(send)) is None:  # noqa: ASYNC110 - what is waited for is another process
                await asyncio.sleep(PAUSE_SECONDS)
            return answer

    async def _try(self, send: Send) -> httpx2.Response | None:
        begun = time.monotonic()
        try:
            answer = await send(next(self._clients))
        except httpx2.TransportError:
            self.answers["none"] += 1
            return None
        self.answers[answer.status_code] += 1
        self.slowest = max(self.slowest, time.monotonic() - begun)
        if answer.status_code != 503:
            return answer
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["isRetryable"], answer.text
        return None

    async def until_more(self, count: int) -> None:
        """Return when so many more submissions are acknowledged."""
        enough = len(self.acknowledged) + count
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.acknowledged) < enough:  # noqa: ASYNC110 - the load is what is waited for
                await asyncio.sleep(0)

    def __str__(self) -> str:
        return f"{len(self.acknowledged)} acknowledged, answers {dict(self.answers)}, slowest {self.slowest:.1f} s"


@contextlib.asynccontextmanager
async def at_work(cluster: Cluster, together: int = TOGETHER) -> AsyncIterator[Partners]:
    """Let partners work inside; whoever was not answered yet is, before this ends."""
    async with Client(cluster.answering[0]) as one, Client(cluster.answering[1]) as other:
        partners = Partners([one, other])
        async with asyncio.TaskGroup() as group:
            for _ in range(together):
                group.create_task(partners.work())
            yield partners
            partners.going = False


async def judge(cluster: Cluster, partners: Partners) -> Counter[str]:
    """Hold what partners have seen against the audit log, and return how many cases stand where.

    Every acknowledged submission is there once and nothing else is, every case is decided once or with a person, and
    both processes still give the same answers.
    """
    await cluster.until_screened()
    customers = list(partners.acknowledged)
    async with Client(cluster.answering[0], "reviewer") as reviewer:
        timelines = await timelines_of(reviewer, [_key(customer) for customer in customers])
    assert violations(partners.observed, timelines) == []
    assert {len(steps) for steps in timelines.values()} == {2}
    for table, each in (("cases", 1), ("events", 2)):
        assert await cluster.sql(_COUNT.format(table), customers) == each * len(customers)
    await _check_answers(cluster, partners)
    return _stages(timelines)


def _stages(timelines: Timelines) -> Counter[str]:
    stages = Counter(steps[-1].stage for steps in timelines.values())
    assert set(stages) == SETTLED
    return stages


async def _check_answers(cluster: Cluster, partners: Partners) -> None:
    for service in cluster.answering:
        async with Client(service) as client:
            for customer, first in list(partners.acknowledged.items())[:: len(partners.acknowledged) // 50 + 1]:
                assert (await client.ask(customer, EDUCATION, request_id=customer)).content == first


def _key(customer: str) -> Key:
    return customer, "Education"
