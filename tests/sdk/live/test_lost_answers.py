"""Answers that are lost after the service has committed: whatever was asked once is there once, by both clients."""

import asyncio
import contextlib
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.network import Heard, Loss, LossyProxy
from tests.support.partner import Client, case_path
from tests.support.processes import Sandbox
from vetline import AsyncPartnerCenter, PartnerCenter
from vetline.sdk.observing import Event
from vetline.sdk.retrying import RetryPolicy

EACH = 500
TOGETHER = 16
LOSSES = (Loss.SILENT, Loss.SILENT, Loss.HALF_LINE, Loss.HALF_BODY, Loss.RESET)
QUICK = RetryPolicy(attempts=6, backoff=0.01, max_backoff=0.05)
PATIENT = RetryPolicy(attempts=200, backoff=0.02, max_backoff=0.2, total_seconds=60)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox where every case stays where the submission put it."""
    with Sandbox("--memory", "--vetting", "by-hand") as running:
        yield running


def losing(seed: int) -> Callable[[Heard, int], Loss]:
    """Lose the answer to the first attempt of every submission, and to the second of every third."""
    chance = random.Random(seed)

    def fate(heard: Heard, attempt: int) -> Loss:
        if not heard.start.startswith("POST") or attempt > 2 or (attempt == 2 and chance.random() > 1 / 3):
            return Loss.NONE
        return chance.choice(LOSSES)

    return fate


def submit_in_threads(client: PartnerCenter, customers: list[str]) -> list[str | None]:
    """Ask for Education for each, and return what came back."""

    def one(customer: str) -> str | None:
        return client.customers.by_id(customer).qualification.create_qualifications("Education").vetting_status

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(one, customers))


async def submit_in_tasks(client: AsyncPartnerCenter, customers: list[str]) -> list[str | None]:
    """Ask for Education for each, and return what came back."""
    gate = asyncio.Semaphore(TOGETHER)

    async def one(customer: str) -> str | None:
        async with gate:
            given = await client.customers.by_id(customer).qualification.create_qualifications("Education")
            return given.vetting_status

    return await asyncio.gather(*(one(customer) for customer in customers))


async def submissions_of(sandbox: Sandbox, customers: list[str]) -> dict[str, int]:
    """Return how many submissions the audit log knows of each customer."""
    gate = asyncio.Semaphore(TOGETHER)

    async with Client(sandbox, "reviewer") as reviewer:

        async def one(customer: str) -> int:
            async with gate:
                found = (await reviewer.http.get(case_path(customer))).raise_for_status().json()
            return [event["step"] for event in found["history"]].count("submit")

        return dict(zip(customers, await asyncio.gather(*map(one, customers)), strict=True))


async def test_a_thousand_lost_answers_double_nothing_and_lose_nothing(sandbox: Sandbox) -> None:
    """Half of the customers by the blocking client in threads, half by the asynchronous one."""
    async with Client(sandbox) as partner:
        customers = await partner.create(2 * EACH)
    token = sandbox.fresh_token()
    with LossyProxy(sandbox.base, losing(1)) as proxy:
        with PartnerCenter(token, base_url=proxy.base, retry=QUICK) as client:
            answered = await asyncio.to_thread(submit_in_threads, client, customers[:EACH])
        async with AsyncPartnerCenter(token, base_url=proxy.base, retry=QUICK) as async_client:
            answered += await submit_in_tasks(async_client, customers[EACH:])
    assert answered == ["InReview"] * len(customers)
    assert set((await submissions_of(sandbox, customers)).values()) == {1}
    lost = {loss.name: count for loss, count in proxy.lost.items() if loss is not Loss.NONE}
    assert sum(lost.values()) >= len(customers)
    assert set(lost) == {loss.name for loss in LOSSES}
    print(f"\n{len(customers)} submissions, answers lost: {lost}")  # noqa: T201


async def test_an_answer_that_never_comes_is_given_up_and_asked_for_again(sandbox: Sandbox) -> None:
    """The connection stays open and silent: the time of an attempt ends it."""
    async with Client(sandbox) as partner:
        customers = await partner.create(8)
    token = sandbox.fresh_token()

    def fate(heard: Heard, attempt: int) -> Loss:
        return Loss.HANG if attempt == 1 else Loss.NONE

    with LossyProxy(sandbox.base, fate) as proxy:
        with PartnerCenter(token, base_url=proxy.base, retry=QUICK, timeout=0.5) as client:
            await asyncio.to_thread(submit_in_threads, client, customers[:4])
        async with AsyncPartnerCenter(token, base_url=proxy.base, retry=QUICK, timeout=0.5) as async_client:
            await submit_in_tasks(async_client, customers[4:])
    assert proxy.lost[Loss.HANG] == 8
    assert set((await submissions_of(sandbox, customers)).values()) == {1}


class Service:
    """A sandbox on a folder that can be killed and started again, and the tokens of whichever runs."""

    def __init__(self, folder: Path) -> None:
        self._arguments = ("--data", str(folder), "--vetting", "by-hand")
        self.running = Sandbox(*self._arguments)
        self._lock = threading.Lock()

    def token(self) -> str:
        """Return a token of the sandbox that runs."""
        with self._lock:
            return self.running.fresh_token()

    def kill_and_start(self) -> None:
        """Kill it without warning, and start another on the same folder."""
        with self._lock:
            self.running.kill()
            self.running.close()
            self.running = Sandbox(*self._arguments)

    def close(self) -> None:
        """Make sure that it is gone."""
        self.running.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Return a service on a folder of its own."""
    with contextlib.closing(Service(tmp_path / "data")) as running:
        yield running


async def test_a_kill_in_the_middle_doubles_nothing_and_loses_nothing(service: Service) -> None:
    """The service is killed and started again while both clients submit over a network that loses answers."""
    async with Client(service.running) as partner:
        customers = await partner.create(300)
    with LossyProxy(service.running.base, losing(2)) as proxy:
        reached = threading.Event()

        def kill_in_the_middle() -> None:
            assert reached.wait(30)
            service.kill_and_start()
            proxy.upstream = service.running.base

        def watch(event: Event) -> None:
            if len(proxy.heard) > 150:
                reached.set()

        killing = asyncio.create_task(asyncio.to_thread(kill_in_the_middle))
        with PartnerCenter(service.token, base_url=proxy.base, retry=PATIENT, on_event=watch) as client:
            async with AsyncPartnerCenter(service.token, base_url=proxy.base, retry=PATIENT) as async_client:
                blocking = asyncio.to_thread(submit_in_threads, client, customers[:150])
                first, second = await asyncio.gather(blocking, submit_in_tasks(async_client, customers[150:]))
        await killing
    assert sum(proxy.lost.values()) < len(proxy.heard), "nothing was sent while the service was gone"
    assert [*first, *second] == ["InReview"] * len(customers)
    assert set((await submissions_of(service.running, customers)).values()) == {1}
