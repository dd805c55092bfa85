"""Screening due cases: each is decided once, by whichever worker lives."""

import asyncio
from collections import Counter
from datetime import date

import pytest

from tests.sandbox.clock import HandClock
from tests.store.records import A, customer, guid, moved, referred, save, submitted, with_customers
from vetline.desk.screening import Screening
from vetline.store.changes import CustomerRemoved
from vetline.store.port import Store
from vetline.vetting.applicant import Applicant, Claim
from vetline.vetting.facts import Facts
from vetline.vetting.pacing import Pacing
from vetline.vetting.words import Programme, Stage
from vetline.worker.screening import BATCH, LEASE, ScreeningDuty

NUMBERS = range(300)


class NothingKnown:
    """Reference data without an entry: every case needs a person."""

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """Return facts that decide nothing."""
        return Facts(no_site="nothing is known")


class Broken(NothingKnown):
    """Reference data that cannot be read."""

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """Fail."""
        raise OSError("the list is gone")


class Stumbling(NothingKnown):
    """Reference data that cannot bear one customer."""

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """Fail for that one."""
        if applicant.company_name == customer(0).company_name:
            raise ValueError("a name like no other")
        return super().look_up(applicant, claim, today)


@pytest.fixture
def clock() -> HandClock:
    """A clock that stands still until it is moved."""
    return HandClock()


def _duty(store: Store, clock: HandClock, reference: NothingKnown, decided: Counter[str]) -> ScreeningDuty:
    screening = Screening(store, reference, clock, Pacing())
    return ScreeningDuty(store, screening, clock, lambda stage: decided.update([stage]))


async def _submit(store: Store, clock: HandClock, numbers: range) -> None:
    await with_customers(store, *(customer(number) for number in numbers))
    await save(store, *moved(*(submitted(customer(number), moment=clock.now()) for number in numbers)))


async def test_two_workers_never_both_decide_a_case(store: Store, clock: HandClock) -> None:
    """Side by side over the same queue, they decide each case once, and none is left."""
    await _submit(store, clock, NUMBERS)
    decided: Counter[str] = Counter()
    workers = [_duty(store, clock, NothingKnown(), decided) for _ in range(4)]
    await asyncio.gather(*(_to_the_end(worker) for worker in workers))
    assert decided == {Stage.REVIEWING.value: len(NUMBERS)}
    assert await store.waiting() == (0, len(NUMBERS))
    for number in NUMBERS:
        case = await store.case(A, guid(number), Programme.EDUCATION)
        assert case is not None
        assert len(await store.history(case)) == case.version == 2


async def _to_the_end(duty: ScreeningDuty) -> None:
    while await duty.run_once():
        continue


async def test_case_of_a_worker_that_died_is_due_after_its_lease(store: Store, clock: HandClock) -> None:
    """Claimed and never settled: nobody's until the lease ends, and decided right after."""
    await _submit(store, clock, range(3))
    await store.claim_due(clock.now(), clock.now() + LEASE, BATCH)
    decided: Counter[str] = Counter()
    survivor = _duty(store, clock, NothingKnown(), decided)
    clock.advance(seconds=LEASE.total_seconds(), microseconds=-1)
    await survivor.run_once()
    assert decided.total() == 0
    clock.advance(microseconds=1)
    await survivor.run_once()
    assert decided.total() == 3


async def test_batch_that_failed_is_due_after_its_lease(store: Store, clock: HandClock) -> None:
    """A failure in the middle leaves the cases to whoever comes after the lease."""
    await _submit(store, clock, range(3))
    decided: Counter[str] = Counter()
    with pytest.raises(OSError, match="the list is gone"):
        await _duty(store, clock, Broken(), decided).run_once()
    clock.advance(seconds=LEASE.total_seconds())
    await _duty(store, clock, NothingKnown(), decided).run_once()
    assert decided.total() == 3


async def test_case_that_cannot_be_judged_holds_up_no_other(store: Store, clock: HandClock) -> None:
    """Otherwise it would come back with the others of its batch, each time their lease ends, and all would wait."""
    await _submit(store, clock, range(5))
    decided: Counter[str] = Counter()
    await _duty(store, clock, Stumbling(), decided).run_once()
    assert (decided.total(), await store.waiting()) == (4, (1, 4))
    clock.advance(seconds=LEASE.total_seconds())
    await _duty(store, clock, NothingKnown(), decided).run_once()
    assert (decided.total(), await store.waiting()) == (5, (0, 5))


async def test_worker_that_wakes_late_decides_nothing_anew(store: Store, clock: HandClock) -> None:
    """A worker that slept through its lease finds its cases decided, and lets them be."""
    await _submit(store, clock, range(5))
    sleeper = Screening(store, NothingKnown(), clock, Pacing())
    claimed = await store.claim_due(clock.now(), clock.now() + LEASE, BATCH)
    clock.advance(seconds=LEASE.total_seconds())
    decided: Counter[str] = Counter()
    await _duty(store, clock, NothingKnown(), decided).run_once()
    assert (decided.total(), await sleeper.settle(claimed)) == (5, [])
    assert [len(await store.history(case)) for case in claimed] == [2] * 5


async def test_what_changed_since_the_claim_is_left_alone(store: Store, clock: HandClock) -> None:
    """One case was decided by a person, one customer removed: the rest of the batch is settled."""
    await _submit(store, clock, range(3))
    claimed = await store.claim_due(clock.now(), clock.now() + LEASE, BATCH)
    await save(store, *moved(referred(claimed[0], clock.now())), CustomerRemoved(A, claimed[1].customer))
    settled = await Screening(store, NothingKnown(), clock, Pacing()).settle(claimed)
    assert [decision.case.customer for decision in settled] == [claimed[2].customer]
