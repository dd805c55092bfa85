"""PostgreSQL itself is killed under load and started again: nothing acknowledged is lost, and nobody has to help."""

import asyncio
import time
from collections import Counter

import httpx2

from tests.support.partner import EDUCATION, Client, case_path, qualifications
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox
from vetline.worker.screening import LEASE

KILLS, EACH, TOGETHER = 4, 60, 16
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.02
# A domain that the lists decide on, and one that needs a person.
DOMAINS = ("ox.ac.uk", "")


class Submitter:
    """Sends each submission again until it is acknowledged, as a well-behaved client does.

    Parameters:
        client: who sends.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.acknowledged: dict[str, bytes] = {}
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0
        self.enough = asyncio.Event()

    async def submit_all(self, customers: list[str]) -> None:
        """Submit for customers off a shared list."""
        while customers:
            await self._submit(customers.pop())

    async def _submit(self, customer: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (answer := await self._send(customer)).status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["isRetryable"], answer.text
            assert time.monotonic() < deadline
            await asyncio.sleep(PAUSE_SECONDS)
        assert answer.status_code == 201, answer.text
        self.acknowledged[customer] = answer.content
        if len(self.acknowledged) % (EACH * len(DOMAINS)) == EACH // 2:
            self.enough.set()

    async def _send(self, customer: str) -> httpx2.Response:
        begun = time.monotonic()
        answer = await self._client.ask(customer, EDUCATION, request_id=customer)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.answers[answer.status_code] += 1
        return answer


async def test_killed_postgres_loses_nothing_and_comes_back() -> None:
    """While it is away requests are told to come again; afterwards everything goes on, each submission is there once.

    In the end no case is stuck.
    """
    with PostgresServer() as postgres, Sandbox("--database-url", postgres.fresh()) as sandbox:
        async with Client(sandbox) as client, Client(sandbox, "reviewer") as reviewer:
            submitter = Submitter(client)
            for _ in range(KILLS):
                await _round(postgres, sandbox, client, submitter)
            sandbox.http.post("/sandbox/clock", json={"advanceSeconds": LEASE.total_seconds() + 1}).raise_for_status()
            await _check(reviewer, submitter)
    print(f"\n{KILLS} kills, answers {dict(submitter.answers)}, the slowest took {submitter.slowest:.1f} s")  # noqa: T201
    assert submitter.answers[503]
    assert submitter.slowest < 15


async def _round(postgres: PostgresServer, sandbox: Sandbox, client: Client, submitter: Submitter) -> None:
    customers = [one for domain in DOMAINS for one in await client.create(EACH, domain)]
    submitter.enough.clear()
    waiting = list(customers)
    loading = [asyncio.create_task(submitter.submit_all(waiting)) for _ in range(TOGETHER)]
    await submitter.enough.wait()
    postgres.kill()
    await _is_told(sandbox, client, customers[0])
    await asyncio.to_thread(postgres.start)
    await asyncio.gather(*loading)
    assert (await client.http.get("/readyz")).status_code == 200


async def _is_told(sandbox: Sandbox, client: Client, customer: str) -> None:
    """See what is said while the database is away."""
    alive, ready = await client.http.get("/healthz"), await client.http.get("/readyz")
    assert (alive.status_code, ready.status_code) == (200, 503)
    read = await client.http.get(qualifications(customer))
    assert (read.status_code, int(read.headers["Retry-After"]) > 0) == (503, True)


async def _check(reviewer: Client, submitter: Submitter) -> None:
    assert len(submitter.acknowledged) == KILLS * EACH * len(DOMAINS)
    for customer in submitter.acknowledged:
        told = (await reviewer.http.get(case_path(customer))).raise_for_status().json()
        steps = [event["step"] for event in told["history"]]
        assert steps.count("submit") == 1, steps
        assert told["stage"] in {"approved", "reviewing"}, told
