"""Reads that arrive together are one query, and no read is answered by a query that began before it."""

import asyncio
from collections.abc import Sequence

import pytest

from vetline.store.port import UnavailableError
from vetline.store.postgres.gathering import Gathering


class Database:
    """Answers each key with how many queries had begun, when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Sequence[int]] = []
        self.began = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.fails = False

    async def fetch(self, keys: Sequence[int]) -> Sequence[tuple[int, int]]:
        """Return each key with the number of its query."""
        self.asked.append(keys)
        number = len(self.asked)
        self.began.set()
        await self.may_answer.wait()
        if self.fails:
            raise UnavailableError("gone")
        return [(key, number) for key in keys]


async def test_what_arrives_together_is_one_query() -> None:
    """And what arrives while it is under way is the next one."""
    database = Database()
    gathering = Gathering(database.fetch)
    first = [asyncio.create_task(gathering.ask(key)) for key in range(10)]
    await database.began.wait()
    later = [asyncio.create_task(gathering.ask(key)) for key in (3, 3, 4)]
    await asyncio.sleep(0)
    database.may_answer.set()
    assert await asyncio.gather(*first, *later) == [*((key, 1) for key in range(10)), (3, 2), (3, 2), (4, 2)]
    assert await gathering.ask(5) == (5, 3)


async def test_caller_that_goes_away_takes_no_other_down() -> None:
    """A cancelled read is nobody else's."""
    database = Database()
    gathering = Gathering(database.fetch)
    gone, stays = asyncio.create_task(gathering.ask(1)), asyncio.create_task(gathering.ask(2))
    await database.began.wait()
    gone.cancel()
    database.may_answer.set()
    assert await stays == (2, 1)
    assert gone.cancelled()


async def test_failure_is_told_to_all_who_wait() -> None:
    """Also to those whose query had not begun; whoever comes afterwards tries anew."""
    database = Database()
    database.fails = True
    gathering = Gathering(database.fetch)
    tasks = [asyncio.create_task(gathering.ask(1))]
    await database.began.wait()
    tasks.append(asyncio.create_task(gathering.ask(2)))
    await asyncio.sleep(0)
    database.may_answer.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in outcomes] == [UnavailableError] * 2
    assert len(database.asked) == 1
    database.fails = False
    with pytest.raises(asyncio.TimeoutError):
        async with asyncio.timeout(0):
            await gathering.ask(3)
    assert await gathering.ask(4) == (4, 3)
