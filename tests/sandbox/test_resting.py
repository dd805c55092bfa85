"""A world for which nobody asks: it rests, and is awake all the same when something is due there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tests.support.answering import Answering, Said
from vetline.desk.partner import Submission
from vetline.identity.issuer import TokenIssuer
from vetline.reference.library import ReferenceLibrary
from vetline.sandbox.inhabited import Inhabited
from vetline.sandbox.steering.steering import Whom
from vetline.sandbox.webhook_signer import signer_in
from vetline.sandbox.world import Ground, World
from vetline.sandbox.worlds import Patience, Worlds
from vetline.store.records import CustomerQuery
from vetline.store.webhooks import Kind, Registration
from vetline.vetting.applicant import Claim
from vetline.vetting.words import Programme, Segment

BASE = "http://127.0.0.1:1"
HASTY = Patience(rest=0.1, end=60.0, look=0.05)


@asynccontextmanager
async def inhabited(folder: Path, patience: Patience = HASTY) -> AsyncIterator[Inhabited]:
    """Yield a world for which somebody has asked once."""
    ground = Ground(
        "http://127.0.0.1:1", TokenIssuer("http://127.0.0.1:1"), ReferenceLibrary(), "after:2", None, signer_in(folder)
    )
    worlds = Worlds(ground, folder / "worlds", patience)
    try:
        made = await worlds.make()
        await made.wake()
        yield made
    finally:
        await worlds.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something, at most ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other tasks and threads
            await asyncio.sleep(0.01)


async def submit(world: World) -> str:
    """Ask for a qualification, and return the customer's id."""
    partner = world.directory.partners[0].tenant_id
    customer, *_ = await world.store.customers(partner, CustomerQuery(1))
    asked = Submission(partner, customer.id, Programme.EDUCATION, Claim(Segment.K12), "", "partner:ada")
    await world.rooms.partner.submit(asked, lambda _: None)
    return customer.id


async def register(world: World, url: str) -> None:
    """Have a partner told of everything."""
    assert world.rooms.webhooks
    partner = world.directory.partners[0].tenant_id
    wanted = Registration(partner, "", url, ("test-created",), (Kind.CASE, Kind.TEST))
    await world.rooms.webhooks.register(wanted, lambda _: None)


async def test_it_rests_when_nothing_is_due(tmp_path: Path) -> None:
    async with inhabited(tmp_path) as one:
        await until(lambda: one.resting)
        await one.wake()
        assert not one.resting
        await until(lambda: one.resting)


async def test_what_is_due_later_is_done_though_nobody_asks(tmp_path: Path) -> None:
    """It rests until shortly before, decides, tells its partner, and rests again."""
    with Answering(lambda _: Said(200)) as receiver:
        async with inhabited(tmp_path) as one:
            await register(one.world, receiver.base)
            await submit(one.world)
            await until(lambda: len(receiver.asked) == 1)  # it is submitted, and not decided yet
            await until(lambda: one.resting)
            await until(lambda: len(receiver.asked) == 2)
            await until(lambda: one.resting)
            assert await one.world.store.next_due() is None


async def test_what_a_clock_that_stands_still_makes_due_never_keeps_nothing_awake(tmp_path: Path) -> None:
    async with inhabited(tmp_path) as one:
        one.world.clock.freeze()
        await submit(one.world)
        assert await one.world.has_due_within(timedelta(0)) is False
        assert await one.world.has_due_within(timedelta(seconds=60)) is False
        await until(lambda: one.resting)


async def test_it_ends_whatever_is_due(tmp_path: Path) -> None:
    async with inhabited(tmp_path, Patience(rest=0.1, end=0.3, look=0.05)) as one:
        one.world.steering.set_mode(Whom(), "after:3000")
        await submit(one.world)
        await until(lambda: not list((tmp_path / "worlds").glob(f"*{one.name}*")))


async def test_looking_ahead_at_a_world_that_has_ended_is_nothing(tmp_path: Path) -> None:
    async with inhabited(tmp_path, Patience()) as one:
        await one.end()
        await one.look_ahead(timedelta(seconds=1))
        assert not one.resting
