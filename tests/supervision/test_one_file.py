"""Several processes answer on one SQLite file: what one of them promises holds for all of them."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.api.service import ADMINISTRATOR, CODE
from tests.supervision.conftest import Serve
from tests.supervision.together import Together
from tests.support.authority import OPERATOR
from tests.support.partner import EDUCATION, at_once, case_path, government, new_customer, qualifications

PROCESSES, CLIENTS, LEFT, ROUNDS = 3, 64, 5, 10
UNLIMITED = {"requests_per_minute": "0", "workers": str(PROCESSES)}


class Everywhere:
    """Many connections at once, so that every process is asked.

    Parameters:
        service: whom to ask.
    """

    def __init__(self, service: Together) -> None:
        limits = httpx2.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
        self._service = service
        self.http = httpx2.AsyncClient(base_url=service.base, headers=service.bearer(), timeout=30, limits=limits)

    async def send(self, method: str, path: str, body: Any = None, request_id: str = "") -> httpx2.Response:
        """Send one request under an MS-RequestId."""
        headers = {"MS-RequestId": request_id or str(uuid.uuid4())}
        return await self.http.request(method, path, headers=headers, json=body)

    async def customers(self, count: int) -> list[str]:
        """Create customers and return their ids."""
        answers = await at_once(count, lambda n: self.send("POST", "/v1/customers", new_customer(n)))
        return [answer.raise_for_status().json()["id"] for answer in answers]

    async def submissions(self, customer: str, qualification: str = "Education") -> list[str]:
        """Return the steps of a case, as its audit log tells them."""
        answer = await self.http.get(
            case_path(customer, qualification), headers=self._service.bearer(OPERATOR, **ADMINISTRATOR)
        )
        return [event["step"] for event in answer.raise_for_status().json()["history"]]


@pytest.fixture
async def everywhere(serve: Serve) -> AsyncIterator[Everywhere]:
    """A service of three processes, and connections to all of them."""
    service = serve(**UNLIMITED)
    found = Everywhere(service)
    yield found
    await found.http.aclose()


@pytest.fixture
def service(everywhere: Everywhere) -> Together:
    """The same service."""
    return everywhere._service


async def test_five_creations_make_five_customers(everywhere: Everywhere, service: Together) -> None:
    """64 want a code of which five are left, over and over: always exactly five get one."""
    for _ in range(ROUNDS):
        service.issue_code(LEFT)
        customers = await everywhere.customers(CLIENTS)
        answers = await at_once(CLIENTS, _asking(everywhere, customers))
        assert Counter(answer.status_code for answer in answers) == {201: LEFT, 400: CLIENTS - LEFT}
        names = {answer.json().get("errorName") for answer in answers}
        assert names == {None, "ValidationCodeExhausted"}
        assert service.remaining() == 0
    assert len(service.counted()) == PROCESSES


def _asking(everywhere: Everywhere, customers: list[str]) -> Callable[[int], Awaitable[httpx2.Response]]:
    return lambda n: everywhere.send("POST", qualifications(customers[n]), government(CODE))


async def test_equal_requests_are_one(everywhere: Everywhere) -> None:
    """64 equal POSTs at once, in all processes: one submission, and every one gets its answer, byte for byte."""
    for customer in await everywhere.customers(ROUNDS):
        request, path = str(uuid.uuid4()), qualifications(customer)
        answers = await at_once(CLIENTS, lambda n: everywhere.send("POST", path, EDUCATION, request))  # noqa: B023
        assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
        other = await everywhere.send("POST", path, {"qualification": "StateOwnedEntity"}, request)
        assert (other.status_code, other.json()["errorName"]) == (400, "RequestIdReused")
        assert (await everywhere.submissions(customer)).count("submit") == 1


async def test_different_requests_have_one_winner(everywhere: Everywhere) -> None:
    """64 submissions of one customer at once: one is accepted, the others are told that it is in review already."""
    (customer,) = await everywhere.customers(1)
    answers = await at_once(CLIENTS, lambda n: everywhere.send("POST", qualifications(customer), EDUCATION))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}


async def test_whoever_asks_next_sees_it(everywhere: Everywhere, service: Together) -> None:
    """What was answered by one process is there for the next request, whichever process that comes to."""
    customers = await everywhere.customers(10 * CLIENTS)

    async def submit_and_read(mine: list[str]) -> None:
        for customer in mine:
            answer = await everywhere.send("POST", qualifications(customer), EDUCATION)
            assert answer.status_code == 201, answer.text
            found = (await everywhere.http.get(qualifications(customer))).raise_for_status().json()
            assert [one["qualification"] for one in found] == ["Education"]

    await asyncio.gather(*(submit_and_read(customers[n::CLIENTS]) for n in range(CLIENTS)))
    assert len(service.counted()) == PROCESSES


async def test_each_case_is_screened_once(everywhere: Everywhere) -> None:
    """The workers of all processes take cases from one queue: each case is moved once, none is left."""
    customers = await everywhere.customers(3 * CLIENTS)
    answers = await at_once(len(customers), lambda n: everywhere.send("POST", qualifications(customers[n]), EDUCATION))
    assert {answer.status_code for answer in answers} == {201}
    async with asyncio.timeout(20):
        while 'vetline_cases_waiting{for="screening"} 0.0' not in (await everywhere.http.get("/metrics")).text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for customer in customers:
        assert await everywhere.submissions(customer) == ["submit", "refer"]


async def test_killed_processes_lose_nothing(everywhere: Everywhere, service: Together) -> None:
    """Processes are killed under load: who gets no answer asks again, and every submission is there once."""
    customers = await everywhere.customers(8 * CLIENTS)
    waiting, unanswered = list(customers), 0

    async def submit() -> None:
        nonlocal unanswered
        while waiting:
            customer, request = waiting.pop(), str(uuid.uuid4())
            while (answer := await _answered(everywhere, customer, request)) is None:
                unanswered += 1
            assert answer.status_code == 201, answer.text

    loading = asyncio.gather(*(submit() for _ in range(CLIENTS)))
    for name in "01":
        enough = len(waiting) - CLIENTS
        while len(waiting) > enough:  # noqa: ASYNC110 - the load is what is waited for
            await asyncio.sleep(0)
        service.kill_one(name)
    await loading
    assert unanswered
    for customer in customers:
        steps = await everywhere.submissions(customer)
        assert steps.count("submit") == 1
        assert len(steps) <= 2


async def _answered(everywhere: Everywhere, customer: str, request: str) -> httpx2.Response | None:
    try:
        return await everywhere.send("POST", qualifications(customer), EDUCATION, request)
    except httpx2.TransportError:
        return None
