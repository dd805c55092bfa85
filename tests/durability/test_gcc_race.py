"""A code with five creations left, and 64 who want one: over real HTTP, fifty times."""

from typing import Any

from tests.durability.racing import CLIENTS, CODE, LEFT, Watcher, race
from tests.support.partner import Client, at_once, government
from tests.support.processes import Sandbox

ROUNDS = 50


async def test_five_creations_make_five_customers(sandbox: Sandbox) -> None:
    """Always exactly five approved, none left, never fewer than none; each count that was seen has its own eTag."""
    async with Client(sandbox) as client:
        await race(ROUNDS, sandbox.reset, client)


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
