"""What every store promises of uploads: what is shown of them."""

import asyncio

import pytest
from msgspec.structs import replace

from tests.store.records import A, B, answer, approved, at, customer, guid, moved, referred, save, submitted
from tests.store.records import with_customers as customers_in
from tests.store.uploads import move, row, settled, upload, with_upload
from vetline.store.changes import CustomerRemoved, RowAdded, RowSettled, UploadBegun, UploadMoved
from vetline.store.port import AlreadyAnsweredError, ConflictError, Store
from vetline.store.uploads import RowKind, RowNow, RowState, Trouble, UploadState
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Stage

SENT, FAILED, WAITING = RowState.SENT, RowState.FAILED, RowState.WAITING
OPEN, PARTIAL, DONE = UploadState.OPEN, UploadState.PARTIAL, UploadState.DONE
LOST = Trouble.CUSTOMER_UNKNOWN


class UploadsKept:
    """`Store.uploads`, and the effects on them."""

    async def test_upload_is_shown_when_all_of_it_is_there(self, store: Store) -> None:
        """Before that nobody is shown anything of it; then it says how many rows it has."""
        begun = await with_upload(store, state=PARTIAL)
        assert (await store.uploads.upload(A, begun.id), list(await store.uploads.recent(A, 9))) == (None, [])
        assert list(await store.uploads.rows(A, begun.id, 0, 9)) == []
        assert list(await store.uploads.kinds(A, begun.id)) == []
        await move(store, begun, PARTIAL, OPEN)
        expected = replace(begun, state=OPEN, rows=3, waiting=3)
        assert await store.uploads.upload(A, begun.id) == expected
        assert list(await store.uploads.recent(A, 9)) == [expected]

    async def test_rows_are_kept_as_they_are(self, store: Store) -> None:
        """Whatever their cells hold; in the order of the file, a page at a time."""
        await with_upload(store, (30, 2, 11))
        pages = [await store.uploads.rows(A, guid(1, "u"), after, 2) for after in (0, 11, 30)]
        assert [list(page) for page in pages] == [
            [RowNow(row(2), None, None), RowNow(row(11), None, None)],
            [RowNow(row(30), None, None)],
            [],
        ]
        assert [one.line for one in await store.uploads.waiting(A, guid(1, "u"), 2)] == [2, 11]

    async def test_row_that_is_not_valid_is_kept_with_its_sentence(self, store: Store) -> None:
        """It asks for nothing."""
        bad = replace(row(3), wanted=None, state=FAILED, why=Trouble.NOT_VALID, sentence="no «GUID»")
        await save(store, UploadBegun(upload()), RowAdded(row(2)), RowAdded(bad))
        await move(store, upload(), PARTIAL, UploadState.REFUSED)
        assert list(await store.uploads.failures(A, guid(1, "u"), 0, 9)) == [bad]
        found = await store.uploads.upload(A, guid(1, "u"))
        assert found == replace(upload(), state=UploadState.REFUSED, rows=2, waiting=1, failed=1)

    async def test_rows_that_failed_come_a_page_at_a_time(self, store: Store) -> None:
        """In the order of the file, whatever stands between them."""
        await with_upload(store, (2, 3, 10, 11))
        await save(store, *(settled(line, FAILED, LOST) for line in (10, 2, 11)))
        pages = [await store.uploads.failures(A, guid(1, "u"), after, 2) for after in (0, 10, 11)]
        assert [[one.line for one in page] for page in pages] == [[2, 10], [11], []]

    async def test_rows_show_how_their_cases_stand_now(self, store: Store) -> None:
        """As often as one looks; the case of a customer who is gone stands nowhere."""
        await customers_in(store, *(customer(number) for number in (2, 3, 4)))
        await with_upload(store, (2, 3, 4, 5))
        decisions = [submitted(customer(number)) for number in (2, 3, 4)]
        await save(store, *moved(*decisions), *(settled(line) for line in (2, 3)), settled(5, FAILED, LOST))
        rest = [(WAITING, None), (FAILED, None)]
        assert await self._told(store) == [(SENT, Stage.SCREENING), (SENT, Stage.SCREENING), *rest]
        person = referred(decisions[0].case)
        await save(store, *moved(person), *moved(approved(person.case)), CustomerRemoved(A, guid(3)))
        assert await self._told(store) == [(SENT, Stage.APPROVED), (SENT, None), *rest]
        kinds = await store.uploads.kinds(A, guid(1, "u"))
        assert sorted(kinds, key=repr) == sorted(
            [
                RowKind(SENT, None, Stage.APPROVED, None, 1),
                RowKind(SENT, None, None, None, 1),
                RowKind(WAITING, None, None, None, 1),
                RowKind(FAILED, LOST, None, None, 1),
            ],
            key=repr,
        )

    async def _told(self, store: Store) -> list[tuple[RowState, Stage | None]]:
        return [(one.row.state, one.stage) for one in await store.uploads.rows(A, guid(1, "u"), 0, 9)]

    async def test_row_is_settled_once(self, store: Store) -> None:
        """Whoever comes second changes nothing, and nothing that comes with it is saved."""
        await with_upload(store)
        await save(store, settled(2, FAILED, Refusal.ALREADY_QUALIFIED))
        with pytest.raises(ConflictError):
            await save(store, settled(2), remember=answer())
        assert await store.answer(A, answer().key) is None
        (failed,) = await store.uploads.failures(A, guid(1, "u"), 0, 9)
        assert failed == replace(row(2), state=FAILED, why=Refusal.ALREADY_QUALIFIED)
        with pytest.raises(ConflictError):
            await save(store, RowSettled(B, guid(1, "u"), 3, SENT))

    async def test_answer_tells_before_the_row_does(self, store: Store) -> None:
        """A retry is told that it was answered, not that the row does not wait any more."""
        await with_upload(store)
        await save(store, settled(2), remember=answer())
        with pytest.raises(AlreadyAnsweredError):
            await save(store, settled(2), remember=answer())

    async def test_rows_that_are_settled_together_are_all_settled(self, store: Store) -> None:
        """Also while the upload is moved."""
        lines = range(2, 202)
        begun = await with_upload(store, lines)
        await asyncio.gather(*(save(store, settled(line)) for line in lines))
        assert list(await store.uploads.waiting(A, begun.id, 9)) == []
        await move(store, begun, OPEN, DONE)
        assert await store.uploads.upload(A, begun.id) == replace(begun, state=DONE, rows=200)

    async def test_upload_moves_only_from_where_it_is(self, store: Store) -> None:
        """Otherwise it conflicts, as somebody else has moved it; and nobody moves another partner's."""
        begun = await with_upload(store)
        await move(store, begun, OPEN, UploadState.CANCELLED)
        for effect in (UploadMoved(A, begun.id, OPEN, DONE), UploadMoved(B, begun.id, UploadState.CANCELLED, OPEN)):
            with pytest.raises(ConflictError):
                await save(store, effect)
        assert await store.uploads.upload(A, begun.id) == replace(begun, state=UploadState.CANCELLED, rows=3, waiting=3)

    async def test_latest_uploads_come_first(self, store: Store) -> None:
        """As many as are asked for, and only the partner's own."""
        for number in (1, 2, 3):
            await with_upload(store, (2,), number, moment=at(number))
        await with_upload(store, (2,), 4, B)
        assert [one.id for one in await store.uploads.recent(A, 2)] == [guid(3, "u"), guid(2, "u")]
        assert await store.uploads.upload(A, guid(4, "u")) is None
        assert list(await store.uploads.rows(A, guid(4, "u"), 0, 9)) == []
        assert list(await store.uploads.failures(A, guid(4, "u"), 0, 9)) == []

    async def test_open_and_partial_ones_are_unfinished(self, store: Store) -> None:
        """Every other one is finished."""
        for number, state in enumerate(UploadState):
            await with_upload(store, (2,), number, state=state)
        assert (await store.uploads.unfinished(A), await store.uploads.unfinished(B)) == (2, 0)

    async def test_erase_forgets_uploads(self, store: Store) -> None:
        """The same may then be added again."""
        await with_upload(store)
        await store.erase()
        assert list(await store.uploads.recent(A, 9)) == []
        await with_upload(store)
