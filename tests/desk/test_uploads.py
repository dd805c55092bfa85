"""Uploads on the desk: kept whole, worked off in turns, each row once, and shown as they stand."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.sandbox.clock import HandClock
from tests.store.records import EDUCATION, GOVERNMENT, STATE_OWNED, A, B, customer, guid, with_code, with_customers
from tests.support.uploading import ADA, bad, draft, given, rooms_over
from vetline.desk.uploading import LEASE, Uploading
from vetline.desk.uploads import MAX_OPEN, Author, Draft, NoSuchUploadError, TooManyUploadsError
from vetline.store.port import Store, UnavailableError
from vetline.store.uploads import RowState, Trouble, Upload, UploadState
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Stage
from vetline.wiring import Rooms
from vetline.worker.old_uploads import ABANDONED, KEPT
from vetline.worker.uploads import BATCH

Told = list[tuple[RowState, object, Stage | None]]


@pytest.fixture
def clock() -> HandClock:
    """A clock that stands still until it is moved."""
    return HandClock()


@pytest.fixture
def rooms(store: Store, clock: HandClock) -> Rooms:
    """The use cases over a fresh store."""
    return rooms_over(store, clock)


async def told(rooms: Rooms, upload: Upload) -> Told:
    """Return how the rows of an upload stand, in the order of the file."""
    return [(now.row.state, now.row.why, now.stage) async for now in rooms.uploads.results(upload)]


async def batch(rooms: Rooms) -> bool:
    """Submit one batch of rows; return whether there were any."""
    return await Uploading(rooms.store, rooms.clock, rooms.partner).work(BATCH)


async def submitted(rooms: Rooms, number: int) -> int:
    """Return how often a customer was submitted."""
    case = await rooms.store.case(A, guid(number), EDUCATION)
    return len([event for event in await rooms.store.history(case) if event.step.value == "submit"]) if case else 0


async def test_every_row_comes_to_what_a_request_comes_to(rooms: Rooms) -> None:
    """Accepted, refused by the rules, for nobody's customer or somebody else's; the screening follows at once."""
    await with_customers(rooms.store, *(customer(number) for number in (2, 3, 4, 5)), customer(6, B))
    await with_code(rooms.store, remaining=1)
    drafts = [
        draft(2),
        draft(3, STATE_OWNED),
        draft(4, GOVERNMENT, "987654"),
        draft(5, GOVERNMENT, "none such"),
        draft(6),
        draft(7),
        draft(8, customer=guid(2)),
    ]
    upload = await given(rooms, drafts)
    assert (upload.state, upload.rows, upload.waiting, upload.failed) == (UploadState.OPEN, 7, 7, 0)
    await rooms.worker.run_until_idle()
    sent, failed = RowState.SENT, RowState.FAILED
    assert await told(rooms, upload) == [
        (sent, None, Stage.REVIEWING),
        (sent, None, Stage.HELD),
        (sent, None, Stage.APPROVED),
        (failed, Refusal.CODE_NOT_FOUND, None),
        (failed, Trouble.CUSTOMER_FOREIGN, None),
        (failed, Trouble.CUSTOMER_UNKNOWN, None),
        (failed, Refusal.ALREADY_IN_REVIEW, None),
    ]
    progress = await rooms.uploads.open(A, upload.id)
    assert (progress.upload.state, progress.upload.waiting, progress.upload.failed) == (UploadState.DONE, 0, 4)
    assert [row.line for row in progress.failures] == [5, 6, 7, 8]
    assert sum(kind.count for kind in await rooms.store.uploads.kinds(A, upload.id)) == 7


async def test_same_file_given_twice_is_one_upload(rooms: Rooms) -> None:
    """Also at the same time; and a partner's key is nothing to another one."""
    key = bytes(16)
    both = await asyncio.gather(*(rooms.uploads.begin(ADA, "a.csv", [draft(2)], key) for _ in range(2)))
    later = await rooms.uploads.begin(ADA, "a.csv", [draft(2)], key)
    assert {one.id for one in both} == {later.id} == {one.id for one in await rooms.uploads.latest(A)}
    other = await rooms.uploads.begin(Author(B, "partner:carol", frozenset()), "a.csv", [draft(2)], key)
    assert other.id != later.id


async def test_submission_is_the_uploaders(rooms: Rooms) -> None:
    """The audit log names who gave the file."""
    await with_customers(rooms.store, customer(2))
    await given(rooms, [draft(2)])
    await rooms.worker.run_until_idle()
    case = await rooms.store.case(A, guid(2), EDUCATION)
    assert case is not None
    assert (await rooms.store.history(case))[0].actor == ADA.actor


async def test_nothing_is_sent_of_a_file_with_a_bad_row(rooms: Rooms) -> None:
    """It is shown with what is wrong with it."""
    await with_customers(rooms.store, customer(2))
    upload = await given(rooms, [draft(2), bad(3)])
    assert (upload.state, upload.waiting, upload.failed) == (UploadState.REFUSED, 1, 1)
    await rooms.worker.run_until_idle()
    progress = await rooms.uploads.open(A, upload.id)
    assert progress.upload == upload
    assert [row.sentence for row in progress.failures] == ["customer_id 'x' is no GUID."]
    assert await submitted(rooms, 2) == 0


async def test_government_needs_the_role_that_requests_need(rooms: Rooms) -> None:
    """Without it such rows fail before anything is sent, and no creation is used up; the others are sent."""
    await with_customers(rooms.store, customer(2), customer(3))
    await with_code(rooms.store, remaining=1)
    upload = await given(rooms, [draft(2, GOVERNMENT, "987654"), draft(3)], Author(A, "partner:bob", frozenset()))
    await rooms.worker.run_until_idle()
    assert await told(rooms, upload) == [
        (RowState.FAILED, Trouble.ROLE_MISSING, None),
        (RowState.SENT, None, Stage.REVIEWING),
    ]
    assert [code.remaining for code in await rooms.store.codes(A)] == [1]


async def test_cancelled_upload_sends_no_further_row(rooms: Rooms) -> None:
    """What was sent stays sent; to cancel again, or what is done, changes nothing."""
    numbers = range(2, BATCH + 12)
    await with_customers(rooms.store, *(customer(number) for number in numbers))
    upload = await given(rooms, [draft(number) for number in numbers])
    await batch(rooms)
    await rooms.uploads.cancel(A, upload.id)
    await rooms.worker.run_until_idle()
    await rooms.uploads.cancel(A, upload.id)
    progress = await rooms.uploads.open(A, upload.id)
    assert (progress.upload.state, progress.upload.waiting) == (UploadState.CANCELLED, len(numbers) - BATCH)
    assert Counter(state for state, *_ in await told(rooms, upload)) == {
        RowState.SENT: BATCH,
        RowState.WAITING: len(numbers) - BATCH,
    }


async def test_stranger_is_told_of_no_upload(rooms: Rooms) -> None:
    """As of one that is not there."""
    upload = await given(rooms, [draft(2)])
    for ask in (rooms.uploads.get, rooms.uploads.open, rooms.uploads.cancel):
        for partner, name in ((B, upload.id), (A, guid(9))):
            with pytest.raises(NoSuchUploadError):
                await ask(partner, name)
    assert list(await rooms.uploads.latest(B)) == []
    assert list(await rooms.uploads.latest(A)) == [upload]


async def test_no_more_open_uploads_than_allowed(rooms: Rooms) -> None:
    """Of one partner; a finished one makes room."""
    uploads = [await given(rooms, [draft(2)]) for _ in range(MAX_OPEN)]
    with pytest.raises(TooManyUploadsError):
        await given(rooms, [draft(2)])
    await given(rooms, [draft(2)], Author(B, "partner:carol", frozenset()))
    await rooms.uploads.cancel(A, uploads[0].id)
    await given(rooms, [draft(2)])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\ada\\kunden.csv", "kunden.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\x1b[31m\u202eb\0.csv", "a[31mb.csv"),
        ("x" * 999, "x" * 200),
        ("", ""),
    ],
)
async def test_name_of_a_file_is_made_harmless(rooms: Rooms, name: str, kept: str) -> None:
    """Browsers send what they like."""
    assert (await rooms.uploads.begin(ADA, name, [draft(2)])).file == kept


async def test_many_workers_submit_each_row_once(store: Store, clock: HandClock) -> None:
    """Also those that hold a row whose lease has ended."""
    numbers = range(2, 302)
    await with_customers(store, *(customer(number) for number in numbers))
    several = [rooms_over(store, clock) for _ in range(4)]
    upload = await given(several[0], [draft(number) for number in numbers])

    async def work(rooms: Rooms) -> None:
        while await batch(rooms):
            clock.advance(seconds=LEASE.total_seconds())  # so the others take it from under its hands

    await asyncio.gather(*map(work, several))
    clock.advance(seconds=LEASE.total_seconds())
    await several[0].worker.run_until_idle()
    assert [await submitted(several[0], number) for number in numbers] == [1] * len(numbers)
    assert {state for state, *_ in await told(several[0], upload)} == {RowState.SENT}
    assert (await several[0].uploads.get(A, upload.id)).state is UploadState.DONE


async def test_partners_share_a_batch(rooms: Rooms, clock: HandClock) -> None:
    """One with many rows delays no other one."""
    await with_customers(rooms.store, *(customer(number) for number in range(2, 200)), customer(500, B))
    await given(rooms, [draft(number) for number in range(2, 200)])
    clock.advance(seconds=1)
    small = await given(rooms, [draft(500)], Author(B, "partner:carol", frozenset()))
    await batch(rooms)
    assert (await rooms.uploads.get(B, small.id)).state is UploadState.DONE
    assert Counter(state for state, *_ in await told(rooms, (await rooms.uploads.latest(A))[0])) == {
        RowState.SENT: BATCH // 2,
        RowState.WAITING: 198 - BATCH // 2,
    }


async def test_file_that_breaks_off_is_not_kept(rooms: Rooms, clock: HandClock) -> None:
    """Whoever gave it was told so; what was kept of it is shown to nobody, and soon forgotten."""

    def broken() -> Iterator[Draft]:
        yield draft(2)
        raise OSError("the disk of the upload is gone")

    with pytest.raises(OSError, match="is gone"):
        await given(rooms, broken())
    assert list(await rooms.uploads.latest(A)) == []
    clock.advance(seconds=ABANDONED.total_seconds() + 1)
    await rooms.worker.run_until_idle()
    assert await rooms.store.uploads.unfinished(A) == 0


async def test_old_uploads_are_forgotten(rooms: Rooms, clock: HandClock) -> None:
    """The last moment of the window still counts; the cases stay."""
    await with_customers(rooms.store, customer(2))
    upload = await given(rooms, [draft(2)])
    await rooms.worker.run_until_idle()
    clock.advance(seconds=KEPT.total_seconds())
    await rooms.worker.run_until_idle()
    assert (await rooms.uploads.get(A, upload.id)).state is UploadState.DONE
    clock.advance(microseconds=1)
    await rooms.worker.run_until_idle()
    assert list(await rooms.uploads.latest(A)) == []
    assert await submitted(rooms, 2) == 1


async def test_store_that_fails_fails_no_row(rooms: Rooms, clock: HandClock) -> None:
    """The rows wait, and are submitted when it is there again."""
    await with_customers(rooms.store, customer(2))
    upload = await given(rooms, [draft(2)])
    claimed = await rooms.store.uploads.claim(clock.now(), clock.now() + LEASE, 1)
    await rooms.store.close()
    with pytest.raises(UnavailableError):
        await batch(rooms)
    assert [one.id for one in claimed] == [upload.id]
