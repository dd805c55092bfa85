"""A code with five creations left, and 64 who want one: over real HTTP, fifty times."""

import asyncio
from collections import Counter, defaultdict
from typing import Any

import httpx2

from tests.support.partner import Client, at_once, government
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox

ROUNDS, ROUNDS_OF_TWO, CLIENTS, LEFT = 50, 10, 64, 5
CODE = "987654"


class Watcher:
    """Reads a code again and again while others race for it.

    Parameters:
        client: who reads.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.tags: dict[int, set[str]] = defaultdict(set)
        self.seen: list[int] = []

    async def look(self) -> int:
        """Read once; return what remains."""
        answer = await self._client.http.get("/v1/customers/all/validations")
        codes: list[dict[str, Any]] = answer.raise_for_status().json()
        code = next(one for one in codes if one["validationId"] == CODE)
        self.tags[code["remainingCreates"]].add(code["eTag"])
        self.seen.append(code["remainingCreates"])
        return self.seen[-1]

    async def until(self, race: "asyncio.Future[list[httpx2.Response]]") -> list[httpx2.Response]:
        """Look until the race is over, and once more."""
        while not race.done():
            await self.look()
        await self.look()
        return await race


async def _round(sandbox: Sandbox, client: Client, *more: Client) -> Watcher:
    """Let the clients race; each may call another process over the same data."""
    sandbox.reset()
    watcher, askers = Watcher(client), (client, *more)
    customers = await client.create(CLIENTS)
    assert await watcher.look() == LEFT
    race = asyncio.ensure_future(
        at_once(CLIENTS, lambda n: askers[n % len(askers)].ask(customers[n], government(CODE)))
    )
    _check(await watcher.until(race))
    held = await asyncio.gather(*(client.standing(customer) for customer in customers))
    assert Counter(map(len, held)) == {1: LEFT, 0: CLIENTS - LEFT}
    return watcher


def _check(answers: list[httpx2.Response]) -> None:
    approved = [answer.json() for answer in answers if answer.status_code == 201]
    assert [one["vettingStatus"] for one in approved] == ["Approved"] * LEFT
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert {(fault["code"], fault["errorName"]) for fault in refused} == {("800002", "ValidationCodeExhausted")}
    assert {answer.status_code for answer in answers} == {201, 400}


async def test_five_creations_make_five_customers(sandbox: Sandbox) -> None:
    """Always exactly five approved, none left, never fewer than none; each count that was seen has its own eTag."""
    async with Client(sandbox) as client:
        await _rounds(ROUNDS, sandbox, client)


async def test_five_creations_make_five_customers_in_two_processes(postgres: PostgresServer) -> None:
    """The same when two processes on one PostgreSQL are asked in turn."""
    url = postgres.fresh()
    with Sandbox("--database-url", url) as one, Sandbox("--database-url", url) as two:
        async with Client(one) as client, Client(two) as other:
            await _rounds(ROUNDS_OF_TWO, one, client, other)


async def _rounds(rounds: int, sandbox: Sandbox, *clients: Client) -> None:
    counts: Counter[int] = Counter()
    for _ in range(rounds):
        watcher = await _round(sandbox, *clients)
        assert watcher.seen == sorted(watcher.seen, reverse=True)
        assert (watcher.seen[0], watcher.seen[-1], min(watcher.seen)) == (LEFT, 0, 0)
        assert {len(tags) for tags in watcher.tags.values()} == {1}
        assert len(set.union(*watcher.tags.values())) == len(watcher.tags)
        counts.update(watcher.tags.keys())
    print(f"\n{rounds} rounds of {CLIENTS} clients; what was seen to remain: {dict(counts)}")  # noqa: T201


async def test_each_redemption_changes_the_tag(sandbox: Sandbox) -> None:
    """One after the other: six counts, six eTags."""
    async with Client(sandbox) as client:
        watcher, customers = Watcher(client), await client.create(LEFT + 1)
        for customer in customers:
            await watcher.look()
            await client.ask(customer, government(CODE))
        await watcher.look()
    assert watcher.seen == [5, 4, 3, 2, 1, 0, 0]
    assert {count: len(tags) for count, tags in watcher.tags.items()} == dict.fromkeys(range(6), 1)
    assert len(set.union(*watcher.tags.values())) == 6


async def test_race_of_education_and_government_has_one_winner_each(sandbox: Sandbox) -> None:
    """For each of 64 customers both are asked for at once: one is accepted, the other told that they do not combine."""
    async with Client(sandbox) as client:
        customers = await client.create(CLIENTS)
        bodies: list[Any] = [None, government(CODE)]
        answers = await at_once(2 * CLIENTS, lambda n: client.ask(customers[n // 2], bodies[n % 2]))
        for number, customer in enumerate(customers):
            pair = answers[2 * number : 2 * number + 2]
            names = {answer.json().get("errorName") for answer in pair}
            assert names <= {None, "QualificationsCannotBeCombined", "ValidationCodeExhausted"}
            assert len(await client.standing(customer)) == 1
