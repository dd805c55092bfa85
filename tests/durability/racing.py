"""Sixty-four who want one of five creations at the same moment, and somebody who watches the code meanwhile."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import cycle
from typing import Any

import httpx2

from tests.support.partner import Client, at_once, government

CLIENTS, LEFT = 64, 5
CODE = "987654"


class Watcher:
    """Reads a code again and again while others race for it.

    Parameters:
        clients: who read, in turn.
    """

    def __init__(self, *clients: Client) -> None:
        self._clients = cycle(clients)
        self.tags: dict[int, set[str]] = defaultdict(set)
        self.seen: list[int] = []

    async def look(self) -> int:
        """Read once; return what remains."""
        answer = await next(self._clients).http.get("/v1/customers/all/validations")
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

    def check(self) -> None:
        """The count only fell, from five to none, and each count that was seen has an eTag of its own."""
        assert self.seen == sorted(self.seen, reverse=True)
        assert (self.seen[0], self.seen[-1], min(self.seen)) == (LEFT, 0, 0)
        assert {len(tags) for tags in self.tags.values()} == {1}
        assert len(set.union(*self.tags.values())) == len(self.tags)


async def race(rounds: int, fresh: Callable[[], None], *clients: Client) -> None:
    """Let 64 race so many times; always exactly five are approved.

    Parameters:
        fresh: makes five creations of the code available.
        clients: each calls a process over the same data; the 64 are spread over them.
    """
    counts: Counter[int] = Counter()
    for _ in range(rounds):
        fresh()
        watcher = await _round(*clients)
        watcher.check()
        counts.update(watcher.tags.keys())
    print(f"\n{rounds} rounds of {CLIENTS} clients; what was seen to remain: {dict(counts)}")  # noqa: T201


async def _round(*clients: Client) -> Watcher:
    watcher, customers = Watcher(*clients), await clients[0].create(CLIENTS)
    assert await watcher.look() == LEFT
    asking = at_once(CLIENTS, lambda n: clients[n % len(clients)].ask(customers[n], government(CODE)))
    _check(await watcher.until(asyncio.ensure_future(asking)))
    held = await asyncio.gather(*(clients[-1].standing(customer) for customer in customers))
    assert Counter(map(len, held)) == {1: LEFT, 0: CLIENTS - LEFT}
    return watcher


def _check(answers: list[httpx2.Response]) -> None:
    approved = [answer.json() for answer in answers if answer.status_code == 201]
    assert [one["vettingStatus"] for one in approved] == ["Approved"] * LEFT
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert {(fault["code"], fault["errorName"]) for fault in refused} == {("800002", "ValidationCodeExhausted")}
    assert {answer.status_code for answer in answers} == {201, 400}
