"""What a reviewer may do with a case, over a real store."""

import asyncio
from datetime import timedelta

import pytest

from tests.desk.rooms import FOUR_EYES, RAE, SOL, Desks, desks, key_of, referred_case
from tests.store.records import A, approved, customer, moved, save, submitted
from vetline.desk.reviewer import UNDO, Missed, NoSuchCaseError, StaleCaseError
from vetline.store.changes import CustomerRemoved
from vetline.store.port import Store
from vetline.store.queue import CaseKey, QueueFilter
from vetline.vetting.case import Case, Step
from vetline.vetting.commands import Approve, Deny, Withdraw
from vetline.vetting.decide import Decision
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Reason, Stage

APPROVAL, DENIAL = Approve(RAE.actor, "seen"), Deny(RAE.actor, Reason.NOT_EDUCATION, "no charter")
AGREED = Deny(SOL.actor, Reason.NOT_EDUCATION)


@pytest.fixture
def room(store: Store) -> Desks:
    """The desks of an operator who wants four eyes on denials."""
    return desks(store, FOUR_EYES)


async def _now(room: Desks, case: Case) -> Case:
    return (await room.review.open(key_of(case))).case


async def test_decision_without_undo_takes_effect_at_once(room: Desks) -> None:
    """As the JSON interface decides."""
    case = await referred_case(room, 1)
    outcome = await room.review.decide(key_of(case), APPROVAL)
    assert isinstance(outcome, Decision)
    assert (await _now(room, case)).stage is Stage.APPROVED


async def test_decision_with_undo_takes_effect_when_its_time_is_over(room: Desks) -> None:
    """Not a moment before, and once."""
    case = await referred_case(room, 1)
    await room.review.decide(key_of(case), APPROVAL, case.version, undo=True)
    room.clock.advance(seconds=UNDO.total_seconds(), microseconds=-1)
    assert await room.settling.settle(9) == (0, [])
    room.clock.advance(microseconds=1)
    due, (decision,) = await room.settling.settle(9)
    assert (due, decision.case.stage, decision.event.actor) == (1, Stage.APPROVED, RAE.actor)
    assert await room.settling.settle(9) == (0, [])
    steps = [event.step for event in (await room.review.open(key_of(case))).history]
    assert steps == [Step.SUBMIT, Step.REFER, Step.PROPOSE, Step.APPROVE]


async def test_undone_decision_never_takes_effect(room: Desks) -> None:
    """The case is back in the queue."""
    case = await referred_case(room, 1)
    await room.review.decide(key_of(case), APPROVAL, undo=True)
    assert [one.customer for one, _ in await room.review.undoable(RAE.actor)] == [case.customer]
    assert await room.review.undoable(SOL.actor) == []
    await room.review.withdraw(key_of(case), Withdraw(SOL.actor))
    room.clock.advance(seconds=99)
    assert await room.settling.settle(9) == (0, [])
    assert (await _now(room, case)).stage is Stage.REVIEWING
    assert await room.review.undoable(RAE.actor) == []


async def test_undo_and_effect_at_the_same_moment_are_one_or_the_other(room: Desks) -> None:
    """Whoever is first wins, and nobody is told what is not so."""
    cases = [await referred_case(room, number) for number in range(20)]
    for case in cases:
        await room.review.decide(key_of(case), APPROVAL, undo=True)
    room.clock.advance(seconds=UNDO.total_seconds())
    (_, settled), undone = await asyncio.gather(
        room.settling.settle(99),
        asyncio.gather(*(room.review.withdraw(key_of(case), Withdraw(RAE.actor)) for case in cases)),
    )
    assert len(settled) + sum(isinstance(one, Decision) for one in undone) == len(cases)
    for case, outcome in zip(cases, undone, strict=True):
        expected = Stage.REVIEWING if isinstance(outcome, Decision) else Stage.APPROVED
        assert (await _now(room, case)).stage is expected


async def test_several_workers_carry_a_decision_out_once(room: Desks) -> None:
    """Its version lets one of them, and the audit log has it once."""
    cases = [await referred_case(room, number) for number in range(30)]
    for case in cases:
        await room.review.decide(key_of(case), APPROVAL, undo=True)
    room.clock.advance(seconds=UNDO.total_seconds())
    found = await asyncio.gather(*(room.settling.settle(99) for _ in range(4)))
    assert sum(len(decisions) for _, decisions in found) == len(cases)
    for case in cases:
        assert len((await room.review.open(key_of(case))).history) == 4


async def test_denial_waits_for_a_second_person(room: Desks) -> None:
    """The first cannot agree with himself; the second can, and undo it as well."""
    case = await referred_case(room, 1)
    await room.review.decide(key_of(case), DENIAL)
    assert (await _now(room, case)).awaits_second
    assert await room.review.decide(key_of(case), DENIAL) is Refusal.SECOND_PERSON_NEEDED
    await room.review.decide(key_of(case), AGREED, undo=True)
    assert [one.customer for one, _ in await room.review.undoable(SOL.actor)] == [case.customer]
    room.clock.advance(seconds=UNDO.total_seconds())
    await room.settling.settle(9)
    ended = await room.review.open(key_of(case))
    assert (ended.case.stage, ended.history[-1].actor, ended.history[-1].seconded_by) == (
        Stage.DENIED,
        RAE.actor,
        SOL.actor,
    )


async def test_two_first_persons_at_the_same_moment_are_first_and_second(room: Desks) -> None:
    """Neither decision is lost."""
    case = await referred_case(room, 1)
    await asyncio.gather(room.review.decide(key_of(case), DENIAL), room.review.decide(key_of(case), AGREED))
    assert (await _now(room, case)).stage is Stage.DENIED


async def test_decision_on_what_changed_since_is_refused(room: Desks) -> None:
    """A version that was read before does not count any more, for a withdrawal as well."""
    case = await referred_case(room, 1)
    await room.review.decide(key_of(case), APPROVAL, case.version, undo=True)
    with pytest.raises(StaleCaseError):
        await room.review.decide(key_of(case), APPROVAL, case.version)
    with pytest.raises(StaleCaseError):
        await room.review.withdraw(key_of(case), Withdraw(RAE.actor), case.version)


async def test_study_shows_what_helps_to_decide(room: Desks) -> None:
    """The customer's other cases, others at the same domain, what is known today, and who has it."""
    case = await referred_case(room, 1)
    await referred_case(room, 3)
    await referred_case(room, 2)
    await referred_case(room, 4, "elsewhere.edu")
    who = customer(1, domain="x.edu")
    await save(room.store, *moved(submitted(who, Programme.STATE_OWNED)))
    await room.queue.take(key_of(case), RAE)
    study = await room.review.study(key_of(case))
    assert study.file.case == case
    assert study.assignment is not None
    assert study.assignment.name == "Rae"
    assert [one.programme for one in study.others] == [Programme.STATE_OWNED]
    assert [one.case.customer for one in study.neighbours] == [customer(2).id, customer(3).id]
    assert study.facts.site is not None
    assert study.facts.site.registrable == "x.edu"


async def test_finding_knows_country_and_domain(room: Desks) -> None:
    """Of GCC the customer's own domain, whatever website was named."""
    school = await referred_case(room, 1, "x.edu")
    agency = await referred_case(room, 2, "agency.example", Programme.GOVERNMENT)
    findings = [case.finding for case in (school, agency) if case.finding]
    assert [(one.country, one.domain) for one in findings] == [("DE", "x.edu"), ("DE", "agency.example")]


async def test_batch_decides_each_case_by_itself(room: Desks) -> None:
    """One changed, one is gone, one is at another domain, one is decided already: the others are decided."""
    cases = [await referred_case(room, number) for number in range(6)]
    changed, gone, decided, *plain = cases
    elsewhere = await referred_case(room, 7, "elsewhere.edu")
    await room.review.decide(key_of(changed), DENIAL)
    await save(room.store, CustomerRemoved(A, gone.customer), *moved(approved(decided)))
    versions = {key_of(case): case.version for case in [*cases, elsewhere]}
    versions[key_of(decided)] += 1
    found = await room.review.decide_at_domain("x.edu", versions, APPROVAL, undo=True)
    assert list(found) == list(versions)
    assert found.pop(key_of(changed)) is Missed.CHANGED
    assert found.pop(key_of(gone)) is Missed.GONE
    assert found.pop(key_of(decided)) is Refusal.NOT_AWAITING_DECISION
    assert found.pop(key_of(elsewhere)) is Missed.CHANGED
    assert [isinstance(one, Decision) for one in found.values()] == [True] * len(plain)
    room.clock.advance(seconds=UNDO.total_seconds())
    assert (await room.settling.settle(99))[0] == len(plain)


async def test_case_that_does_not_exist_is_nobodys_to_decide(room: Desks) -> None:
    """Neither read nor decided nor withdrawn."""
    nothing = CaseKey(A, customer(9).id, Programme.EDUCATION)
    for attempt in (
        room.review.study(nothing),
        room.review.decide(nothing, APPROVAL),
        room.review.withdraw(nothing, Withdraw(RAE.actor)),
    ):
        with pytest.raises(NoSuchCaseError):
            await attempt


async def test_time_to_undo_is_ten_seconds() -> None:
    """Long enough to notice a slip, short enough that nobody waits for it."""
    assert timedelta(seconds=10) == UNDO


async def test_taken_case_that_is_proposed_is_free_for_the_second_person(room: Desks) -> None:
    """It is given to anybody but whom proposed it, and only where that is asked for."""
    case = await referred_case(room, 1)
    await room.queue.take(key_of(case), RAE)
    await room.review.decide(key_of(case), DENIAL)
    assert await room.queue.take_next(QueueFilter(), SOL) is None
    assert await room.queue.take_next(QueueFilter(proposed=True), RAE) is None
    given = await room.queue.take_next(QueueFilter(proposed=True), SOL)
    assert given is not None
    assert given.case.customer == case.customer
