"""Counting the rows of uploads: beside whoever looks, shared by all of them, and right about what stands still."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.sandbox.clock import HandClock
from tests.store.records import A, B, guid, save
from tests.store.uploads import move, settled, with_upload
from vetline.desk.counting import PATIENCE_SECONDS, RowCount, RowCounting
from vetline.store.port import UnavailableError
from vetline.store.sqlite.store import SqliteStore
from vetline.store.uploads import RowKind, RowState, Upload, UploadState

IN_TIME = 30.0
DONE, OPEN = UploadState.DONE, UploadState.OPEN


class Door:
    """A store that counts only while its door is open, as one that has very much to count.

    Parameters:
        store: which one it is.
    """

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.open = asyncio.Event()
        self.is_away = False
        self.asked = 0

    async def kinds(self, partner: str, upload: str) -> Sequence[RowKind]:
        """Count, when the door is open."""
        self.asked += 1
        await self.open.wait()
        if self.is_away:
            raise UnavailableError("the disk is away")
        return await self._store.uploads.kinds(partner, upload)


@pytest.fixture
def door(store: SqliteStore) -> Door:
    """A door that is shut."""
    return Door(store)


@pytest.fixture
def counting(door: Door) -> RowCounting:
    """Counts behind the door."""
    return RowCounting(door.kinds, HandClock())


async def seen(store: SqliteStore, upload: Upload) -> Upload:
    """Return an upload as it stands now."""
    found = await store.uploads.upload(upload.partner, upload.id)
    assert found
    return found


async def until(look: Callable[[], Awaitable[RowCount | None]], *, states: dict[RowState, int]) -> RowCount:
    """Look until so many rows stand in each state."""
    async with asyncio.timeout(IN_TIME):
        while (found := await look()) is None or {kind.state: kind.count for kind in found.kinds} != states:  # noqa: ASYNC110
            await asyncio.sleep(0)
    return found


async def test_nobody_waits_for_a_long_count_and_all_share_it(
    store: SqliteStore, door: Door, counting: RowCounting
) -> None:
    """They are told that there is none yet; when there is one it is shown, and says from when it is."""
    upload = await with_upload(store)
    async with asyncio.timeout(IN_TIME):
        assert await asyncio.gather(*(counting.of(upload) for _ in range(5))) == [None] * 5
    assert door.asked == 1
    door.open.set()
    found = await until(lambda: counting.of(upload), states={RowState.WAITING: 3})
    assert found.at == HandClock().now()
    assert door.asked <= 2


async def test_short_count_is_there_at_once(store: SqliteStore, door: Door, counting: RowCounting) -> None:
    """What is settled between two looks is in the second one."""
    door.open.set()
    upload = await with_upload(store)
    await until(lambda: counting.of(upload), states={RowState.WAITING: 3})
    await save(store, settled(3))
    await until(lambda: counting.of(upload), states={RowState.WAITING: 2, RowState.SENT: 1})


async def test_while_a_long_count_is_made_anew_the_last_one_is_shown(
    store: SqliteStore, door: Door, counting: RowCounting
) -> None:
    """It says that it is not the latest, so that whoever sees it looks again."""
    upload = await with_upload(store)
    await counting.of(upload)
    door.open.set()
    old = await until(lambda: counting.of(upload), states={RowState.WAITING: 3})
    door.open.clear()
    await save(store, settled(2), settled(3))
    async with asyncio.timeout(IN_TIME):
        while (found := await counting.of(upload)) and found.is_fresh:  # noqa: ASYNC110
            await asyncio.sleep(PATIENCE_SECONDS / 10)
    assert found == RowCount(old.kinds, old.at, is_fresh=False)
    door.open.set()
    await until(lambda: counting.of(upload), states={RowState.WAITING: 1, RowState.SENT: 2})


async def test_count_of_another_state_is_not_shown(store: SqliteStore, door: Door, counting: RowCounting) -> None:
    """An upload that is done has no row that waits, whatever was counted while it was open."""
    upload = await seen(store, await with_upload(store))
    door.open.set()
    await until(lambda: counting.of(upload), states={RowState.WAITING: 3})
    door.open.clear()
    await save(store, *(settled(line) for line in (2, 3, 4)))
    await move(store, upload, OPEN, DONE)
    done = await seen(store, upload)
    assert await counting.of(done) is None
    door.open.set()
    await until(lambda: counting.of(done), states={RowState.SENT: 3})


async def test_nobody_is_shown_anothers_count(store: SqliteStore, door: Door, counting: RowCounting) -> None:
    """Two partners may even have uploads of the same id."""
    door.open.set()
    mine, other = await with_upload(store), await with_upload(store, (2,), 1, B)
    assert mine.id == other.id == guid(1, "u")
    assert mine.partner == A
    await until(lambda: counting.of(mine), states={RowState.WAITING: 3})
    await until(lambda: counting.of(other), states={RowState.WAITING: 1})


async def test_count_that_fails_is_made_again(store: SqliteStore, door: Door, counting: RowCounting) -> None:
    """Whoever looks meanwhile is told that there is none."""
    upload = await with_upload(store)
    door.is_away = True
    door.open.set()
    assert await counting.of(upload) is None
    door.is_away = False
    await until(lambda: counting.of(upload), states={RowState.WAITING: 3})
