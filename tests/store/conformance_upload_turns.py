"""What every store promises of claiming uploads and of forgetting them."""

import asyncio

import pytest

from tests.store.records import A, B, at, guid, save
from tests.store.uploads import move, row, settled, with_upload
from vetline.store.changes import RowAdded, UploadMoved
from vetline.store.port import ConflictError, Store
from vetline.store.uploads import UploadState

OPEN, PARTIAL, DONE = UploadState.OPEN, UploadState.PARTIAL, UploadState.DONE


def partner(number: int) -> str:
    """Return a partner that tells its number."""
    return guid(number, "p")


class UploadTurns:
    """`Uploads.claim`, `Uploads.release` and `Uploads.forget`."""

    async def _claimed(self, store: Store, second: float, limit: int = 8) -> list[tuple[str, int]]:
        found = await store.uploads.claim(at(second), at(second + 60), limit)
        return sorted((one.partner, int(one.id[-2:], 16)) for one in found)

    async def test_only_open_ones_are_claimed(self, store: Store) -> None:
        """Whatever else there is."""
        for number, state in enumerate(UploadState):
            await with_upload(store, (2,), number, partner(number), state=state)
        assert await self._claimed(store, 1) == [(partner(1), 1)]

    async def test_claim_is_nobody_elses_until_it_ends(self, store: Store) -> None:
        """By its lease, or because it is given back."""
        begun = await with_upload(store)
        assert await self._claimed(store, 1) == [(A, 1)]
        assert await self._claimed(store, 60) == []
        assert await self._claimed(store, 61) == [(A, 1)]
        await store.uploads.release(A, begun.id)
        assert await self._claimed(store, 62) == [(A, 1)]

    async def test_partner_gets_one_place_however_many_it_has(self, store: Store) -> None:
        """So one with many uploads delays nobody; its uploads take turns."""
        for number in range(1, 4):
            await with_upload(store, (2,), number, moment=at(number))
        await with_upload(store, (2,), 9, B, moment=at(4))
        turns = []
        for second in range(10, 14):
            claimed = await store.uploads.claim(at(second), at(second + 60), 8)
            assert {one.partner for one in claimed} == {A, B}
            turns += [int(one.id[-2:], 16) for one in claimed if one.partner == A]
            for one in claimed:
                await store.uploads.release(one.partner, one.id)
        assert turns == [1, 2, 3, 1]

    async def test_another_upload_of_a_partner_may_be_claimed_beside(self, store: Store) -> None:
        """By another worker, while the first is being served."""
        for number in (1, 2):
            await with_upload(store, (2,), number, moment=at(number))
        assert [await self._claimed(store, second) for second in (10, 11, 12)] == [[(A, 1)], [(A, 2)], []]

    async def test_more_partners_than_places_take_turns(self, store: Store) -> None:
        """Nobody is served twice before everybody was served once."""
        for number in range(7):
            await with_upload(store, (2,), number, partner(number))
        for round_ in range(3):
            served: list[str] = []
            for turn in range(3):
                claimed = await store.uploads.claim(at(100 * round_ + turn + 1), at(100 * round_ + turn + 2), 3)
                served += [one.partner for one in claimed]
            assert sorted(set(served)) == sorted({partner(number) for number in range(7)})

    async def test_workers_at_the_same_moment_share_no_upload(self, store: Store) -> None:
        """Each is one worker's."""
        for number in range(20):
            await with_upload(store, (2,), number, partner(number))
        batches = await asyncio.gather(*(self._claimed(store, 1) for _ in range(5)))
        claimed = [one for batch in batches for one in batch]
        assert len(claimed) == len(set(claimed))
        while more := await self._claimed(store, 2):
            claimed += more
        assert sorted(claimed) == [(partner(number), number) for number in range(20)]

    async def test_old_uploads_are_forgotten_with_their_rows(self, store: Store) -> None:
        """In batches; what is open stays, and what is younger."""
        for number, state in ((1, DONE), (2, OPEN), (3, UploadState.REFUSED)):
            await with_upload(store, range(2, 12), number, moment=at(number), state=state)
        await with_upload(store, range(2, 12), 4, moment=at(100), state=DONE)
        forgotten = [await store.uploads.forget(at(100), at(100), 8) for _ in range(4)]
        assert forgotten == [8, 8, 4, 0]
        assert [one.id for one in await store.uploads.recent(A, 9)] == [guid(4, "u"), guid(2, "u")]
        assert [len(await store.uploads.rows(A, guid(number, "u"), 0, 99)) for number in (2, 4)] == [10, 10]
        await with_upload(store, range(2, 12), 1)

    async def test_nobody_is_shown_half_of_what_is_being_forgotten(self, store: Store) -> None:
        """From the first of its rows on it is gone."""
        await with_upload(store, range(2, 12), state=DONE)
        await store.uploads.forget(at(1), at(1), 3)
        assert list(await store.uploads.recent(A, 9)) == []
        assert list(await store.uploads.rows(A, guid(1, "u"), 0, 9)) == []

    async def test_what_was_never_finished_is_forgotten(self, store: Store) -> None:
        """After a time in which every file would have been read; and then it is too late to open it."""
        begun = await with_upload(store, (2, 3), state=PARTIAL)
        assert await store.uploads.forget(at(-100), at(0), 9) == 0
        assert await store.uploads.forget(at(-100), at(1), 9) == 2
        assert await store.uploads.unfinished(A) == 0
        with pytest.raises(ConflictError):
            await save(store, UploadMoved(A, begun.id, PARTIAL, OPEN))

    async def test_row_of_a_line_is_there_once(self, store: Store) -> None:
        """A second one conflicts."""
        await with_upload(store)
        with pytest.raises(ConflictError):
            await save(store, RowAdded(row(2)))

    async def test_done_upload_is_not_claimed_again(self, store: Store) -> None:
        """Also when the lease of the last claim has ended."""
        begun = await with_upload(store, (2,))
        assert await self._claimed(store, 1) == [(A, 1)]
        await save(store, settled(2))
        await move(store, begun, OPEN, DONE)
        assert await self._claimed(store, 100) == []
