"""Answers are kept for as long as a retry may come, ended sessions as long as a cookie may, and no longer."""

from datetime import timedelta

from tests.sandbox.clock import HandClock
from tests.store.records import A, answer, save
from vetline.store.port import Store
from vetline.worker.housekeeping import BATCH, KEPT, LATE_CLOCKS, EndedSessionsDuty, HousekeepingDuty
from vetline.worker.loop import Worker


async def test_answers_are_kept_for_more_than_a_day(store: Store) -> None:
    """24 hours are promised; the last moment of the window still counts, the one after it not."""
    clock = HandClock()
    assert timedelta(hours=24) < KEPT
    await save(store, remember=answer(1, moment=clock.now()))
    for by, kept in ((timedelta(hours=24), True), (KEPT - timedelta(hours=24), True), (timedelta.resolution, False)):
        clock.advance(seconds=by.total_seconds())
        await Worker([HousekeepingDuty(store, clock)]).run_until_idle()
        assert (await store.answer(A, answer(1).key) is not None) is kept


async def test_many_answers_are_forgotten_in_batches(store: Store) -> None:
    """A batch at a time, until none is old any more."""
    clock = HandClock()
    for number in range(BATCH + 5):
        await save(store, remember=answer(number, moment=clock.now()))
    clock.advance(seconds=2 * KEPT.total_seconds())
    duty = HousekeepingDuty(store, clock)
    assert [await duty.run_once() for _ in range(2)] == [True, False]
    assert await store.answer(A, answer(1).key) is None


async def test_ended_sessions_are_kept_until_their_cookies_are_worthless(store: Store) -> None:
    """Until their own end, and an hour more for clocks that are late."""
    clock = HandClock()
    await store.end_session(A, "session", clock.now() + timedelta(hours=8))
    for by, kept in ((timedelta(hours=8) + LATE_CLOCKS, True), (timedelta.resolution, False)):
        clock.advance(seconds=by.total_seconds())
        await Worker([EndedSessionsDuty(store, clock)]).run_until_idle()
        assert await store.session_ended(A, "session") is kept
