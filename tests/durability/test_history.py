"""Eight clients do a thousand things each to the same customers; then the whole history must have been possible."""

import asyncio
import os
import random
import time
from collections import Counter
from typing import Any

import httpx2

from tests.durability.audit import timelines_of
from tests.durability.checker import ABSENT, SHOWN, Observation, violations
from tests.support.partner import EDUCATION, Client, case_path, government, qualifications
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox

CLIENTS, OPERATIONS, OPERATIONS_ON_POSTGRES = 8, 1_000, 400
CUSTOMERS, AT_ONCE = 120, 8
NAMES = ("Education", "GovernmentCommunityCloud", "StateOwnedEntity")
REVIEWED = NAMES[:2]
REASONS = ("Not an Education Customer", "Not an eligible Museum", "No longer an Education Customer")
# What a refusal tells of where the case stands.
REFUSALS = {"AlreadyInReview": "InReview"}


class Player:
    """One client with its own chances; it writes down what it sees.

    Parameters:
        partner, reviewer: as whom it calls.
        customers: whom it is about; the clients move along the list together.
        seed: for its chances.
    """

    def __init__(self, partner: Client, reviewer: Client, customers: list[str], seed: int) -> None:
        self._partner, self._reviewer, self._customers = partner, reviewer, customers
        self._chance = random.Random(seed)
        self.observed: list[Observation] = []
        self.answers: Counter[str] = Counter()

    async def play(self, operations: int) -> None:
        """Do so many things, one after the other."""
        moves = [self._ask, self._read, self._decide, self._tick]
        for number in range(operations):
            first = number * (CUSTOMERS - AT_ONCE) // operations
            customer = self._customers[first + self._chance.randrange(AT_ONCE)]
            (move,) = self._chance.choices(moves, [35, 35, 29, 1])
            await move(customer)

    async def _ask(self, customer: str) -> None:
        name = self._chance.choice(("Education",) * 5 + NAMES)
        body = {NAMES[0]: EDUCATION, NAMES[1]: government()}.get(name, {"qualification": name})
        begun = time.monotonic()
        answer = await self._partner.ask(customer, body)
        told: dict[str, Any] = answer.json()
        self._count("ask", answer, {201, 400, 409})
        if answer.status_code == 201:
            self._saw(begun, customer, name, asked=True, date=told.get("vettingCreateDate", ""))
        elif told["errorName"] in REFUSALS:
            self._saw(begun, customer, name, REFUSALS[told["errorName"]])

    async def _read(self, customer: str) -> None:
        begun = time.monotonic()
        answer = await self._partner.http.get(qualifications(customer))
        self._count("read", answer, {200})
        shown = {one["qualification"]: one.get("vettingStatus", "Held") for one in answer.json()}
        assert len(shown) == len(answer.json())
        assert {shown.get(name, "Denied") for name in REVIEWED} & {"Denied"}, shown
        for name in NAMES:
            self._saw(begun, customer, name, shown.get(name, ABSENT))

    async def _decide(self, customer: str) -> None:
        name, reason = self._chance.choice(("Education",) * 3 + REVIEWED), self._chance.choice(REASONS)
        verb = self._chance.choice(("approve", "deny", "deny"))
        begun = time.monotonic()
        path = f"{case_path(customer, name)}/{verb}"
        answer = await self._reviewer.http.post(path, json={"reason": reason} if verb == "deny" else {})
        self._count(verb, answer, {200, 400, 404, 409})
        if answer.status_code == 404:
            self._saw(begun, customer, name, ABSENT)
        elif answer.status_code == 200:
            self._saw(begun, customer, name, SHOWN[answer.json()["stage"]], decided=True)

    async def _tick(self, customer: str) -> None:
        await self._partner.http.post("/sandbox/clock", json={"advanceSeconds": 1})
        self.answers["tick"] += 1

    def _count(self, what: str, answer: httpx2.Response, expected: set[int]) -> None:
        assert answer.status_code in expected, answer.text
        refused = answer.status_code in (400, 409)
        self.answers[f"{what} {answer.json()['errorName'] if refused else answer.status_code}"] += 1

    def _saw(self, begun: float, customer: str, name: str, shown: str = "", **more: Any) -> None:
        self.observed.append(Observation(begun, time.monotonic(), (customer, name), shown, **more))


async def test_history_of_eight_clients_is_possible() -> None:
    """Own writes are read, statuses move along legal edges only, three attempts at most, nothing is lost or doubled."""
    await _check(OPERATIONS)


async def test_history_of_eight_clients_is_possible_on_postgres(postgres: PostgresServer) -> None:
    """The same on PostgreSQL."""
    await _check(OPERATIONS_ON_POSTGRES, "--database-url", postgres.fresh())


async def _check(operations: int, *options: str) -> None:
    seed = int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"\nseed {seed}")  # noqa: T201 - to run it again: VETLINE_TEST_SEED
    with Sandbox(*options) as sandbox:
        async with Client(sandbox) as partner, Client(sandbox, "reviewer") as reviewer:
            await _many_codes(sandbox)
            customers = [one for pair in zip(*await _pools(partner), strict=True) for one in pair]
            players = [Player(partner, reviewer, customers, seed + number) for number in range(CLIENTS)]
            await asyncio.gather(*(player.play(operations) for player in players))
            timelines = await timelines_of(reviewer, [(one, name) for one in customers for name in NAMES])
    answers = sum((player.answers for player in players), Counter[str]())
    observed = [one for player in players for one in player.observed]
    print(f"{answers.total()} operations, {len(observed)} observations, {len(timelines)} cases: {dict(answers)}")  # noqa: T201
    assert answers.total() == CLIENTS * operations
    assert violations(observed, timelines) == []
    edges = {step.step for steps in timelines.values() for step in steps}
    assert answers["ask VerificationAttemptsExhausted"]
    assert edges == {"submit", "redeem", "hold", "approve", "deny", "refer", "revoke"}


async def _pools(partner: Client) -> list[list[str]]:
    """Create customers: half that the data decides, half that need a person."""
    return [await partner.create(CUSTOMERS // 2, domain) for domain in ("ox.ac.uk", "")]


async def _many_codes(sandbox: Sandbox) -> None:
    tenant = sandbox.info["partners"][0]["tenantId"]
    body = {"validationId": "987654", "organizationName": "Contoso, Inc.", "maxCreates": 1_000}
    path = f"/vetline/v1/admin/partners/{tenant}/validations"
    sandbox.call("PUT", path, "administrator", json=body).raise_for_status()
