"""A partner that keeps asking until it is told: each submission is sent again, under its own id, after a 503."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterable

import httpx2

from tests.support.partner import EDUCATION, Client, case_path

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.02


class Submitter:
    """Sends each submission again until it is acknowledged, as a well-behaved client does.

    Parameters:
        client: who sends.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._awaited = 0
        self._reached = asyncio.Event()
        self.acknowledged: dict[str, bytes] = {}
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0

    def after(self, more: int) -> asyncio.Event:
        """Return what is set when so many more have been acknowledged."""
        self._awaited, self._reached = len(self.acknowledged) + more, asyncio.Event()
        return self._reached

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
        if len(self.acknowledged) >= self._awaited:
            self._reached.set()

    async def _send(self, customer: str) -> httpx2.Response:
        begun = time.monotonic()
        answer = await self._client.ask(customer, EDUCATION, request_id=customer)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.answers[answer.status_code] += 1
        return answer


async def assert_each_once(reviewer: Client, acknowledged: Iterable[str], stages: Collection[str]) -> None:
    """Every acknowledged submission is there once, in one of these stages."""
    for customer in acknowledged:
        told = (await reviewer.http.get(case_path(customer))).raise_for_status().json()
        steps = [event["step"] for event in told["history"]]
        assert steps.count("submit") == 1, steps
        assert told["stage"] in stages, told
