"""Random histories of cases, and the figures that somebody counts who reads every event of them, one by one."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tests.store.records import A, B, customer, save
from vetline.desk.summing import AGES, Figures
from vetline.store.changes import CaseMoved, CustomerAdded
from vetline.store.happenings import BOUNDS
from vetline.store.port import Store
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event, Step
from vetline.vetting.commands import Approve, CodeFacts, Command, Conclude, Deny, Rules, Settle, Submit, Withdraw
from vetline.vetting.decide import Decision, decide
from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.service_level import due_date
from vetline.vetting.words import Programme, Reason

# A Wednesday, so that the window holds a weekend.
NOW = datetime(2026, 3, 18, 15, 20, 30, 5, tzinfo=UTC)
DAYS = 7

_CLAIM = Claim(None, "https://example.edu")
_LATER = timedelta(hours=1)
_COMMANDS: Sequence[Callable[[datetime], Command]] = (
    lambda now: Submit(_CLAIM, "partner:ada", code=CodeFacts("987654", 5), rules=Rules(government_reviewed=False)),
    lambda now: Submit(_CLAIM, "partner:ada", code=CodeFacts("987654", 5), rules=Rules(government_reviewed=True)),
    lambda now: Conclude(Verdict(Outcome.APPROVE, "listed", (), "")),
    lambda now: Conclude(Verdict(Outcome.REFER, "unlisted", (), "")),
    lambda now: Conclude(Verdict(Outcome.DENY, "mail", (), "", Reason.NOT_ACADEMIC_DOMAIN)),
    lambda now: Approve("reviewer:rae"),
    lambda now: Approve("reviewer:sol", settle_at=now + _LATER),
    lambda now: Deny("reviewer:rae", Reason.RESTRICTED),
    lambda now: Deny("reviewer:rae", Reason.NO_LONGER_EDUCATION),
    lambda now: Deny("sandbox", Reason.NOT_ELIGIBLE_LIBRARY),
    lambda now: Settle(),
    lambda now: Withdraw("reviewer:sol"),
)
_DELAYS = (timedelta(0), timedelta(seconds=1), timedelta(seconds=9.5), timedelta(hours=3), timedelta(days=1, seconds=1))


class Life(NamedTuple):
    """What befalls one case: when it begins before `NOW`, then commands, each some time after the one before."""

    partner: str
    programme: Programme
    begins: timedelta
    commands: Sequence[tuple[Callable[[datetime], Command], timedelta]]


lives = st.lists(
    st.builds(
        Life,
        st.sampled_from([A, B]),
        st.sampled_from(Programme),
        st.timedeltas(timedelta(0), timedelta(days=20)),
        st.lists(st.tuples(st.sampled_from(_COMMANDS), st.sampled_from(_DELAYS)), max_size=14),
    ),
    max_size=8,
)


async def live(store: Store, chosen: Sequence[Life]) -> list[Case]:
    """Let each case live up to `NOW`, and return how they stand."""
    return [await _live(store, number, life) for number, life in enumerate(chosen, start=1)]


async def _live(store: Store, number: int, life: Life) -> Case:
    who, now = customer(number, life.partner), NOW - life.begins
    await save(store, CustomerAdded(who))
    case = Case(life.partner, who.id, life.programme)
    for command, delay in ((_COMMANDS[number % 2], timedelta(0)), *life.commands):
        now += delay
        outcome = decide(case, command(now), now)
        if now <= NOW and isinstance(outcome, Decision):
            await save(store, CaseMoved(outcome.case, outcome.event))
            case = outcome.case
    return case


async def assert_counted(store: Store, cases: Sequence[Case], found: Figures) -> None:
    """Read every history, and count by hand."""
    histories = [(case, await store.history(case)) for case in cases if case.version]
    days = [NOW.date() - timedelta(days=place) for place in range(DAYS)][::-1]
    assert [one.day for one in found.days] == days
    for one in found.days:
        _assert_day(one.day, [events for _, events in histories], (one.submitted, one.by_data, one.by_people))
        assert one.waiting == sum(_waits_after(events, one.day) for _, events in histories), one
    _assert_decisions(histories, days, found)
    _assert_queue(cases, found)


def _assert_day(day: date, histories: Sequence[Sequence[Event]], found: tuple[int, int, int]) -> None:
    here = [event for events in histories for event in events if event.at.date() == day]
    asked = [event for event in here if event.step in (Step.SUBMIT, Step.REDEEM, Step.HOLD)]
    people = [one for one in here if one.step in (Step.APPROVE, Step.DENY) and one.actor.startswith("reviewer:")]
    data = [one for one in here if one.step in (Step.REDEEM, Step.HOLD)]
    data += [one for one in here if one.step in (Step.APPROVE, Step.DENY) and one not in people]
    assert found == (len(asked), len(data), len(people)), day


def _waits_after(events: Sequence[Event], day: date) -> bool:
    past = [event for event in events if event.at.date() <= day]
    return bool(past) and past[-1].stage.value in ("screening", "reviewing")


def _assert_decisions(histories: Sequence[tuple[Case, Sequence[Event]]], days: Sequence[date], found: Figures) -> None:
    took = {True: [0] * (len(BOUNDS) + 1), False: [0] * (len(BOUNDS) + 1)}
    outcomes = {programme: [0, 0, 0] for programme in Programme}
    reasons = dict.fromkeys(Reason, 0)
    for case, events in histories:
        asked_at = events[0].at
        for event in events:
            asked_at = event.at if event.step is Step.SUBMIT else asked_at
            if event.at.date() not in days:
                continue
            place = {"approve": 0, "redeem": 0, "hold": 0, "deny": 1, "revoke": 2}.get(event.step.value)
            if place is None:
                continue
            outcomes[case.programme][place] += 1
            if event.reason:
                reasons[event.reason] += 1
            if event.step in (Step.APPROVE, Step.DENY):
                longest = [bound for bound in BOUNDS if bound <= event.at - asked_at]
                took[event.actor.startswith("reviewer:")][len(longest)] += 1
    assert (found.took_data, found.took_people) == (tuple(took[False]), tuple(took[True]))
    assert {one.programme: [one.approved, one.denied, one.revoked] for one in found.outcomes} == outcomes
    assert dict(found.reasons) == reasons


def _assert_queue(cases: Sequence[Case], found: Figures) -> None:
    stages = [case.stage.value for case in cases]
    assert (found.screening, found.reviewing) == (stages.count("screening"), stages.count("reviewing"))
    ages = {programme: [0] * (len(AGES) + 1) for programme in Programme}
    for case in cases:
        if case.stage.value == "reviewing" and not case.due_at and case.submitted_at:
            passed = [days for days in AGES if due_date(case.submitted_at, days) < NOW]
            ages[case.programme][len(passed)] += 1
    assert {one.programme: list(one.waiting) for one in found.ages} == ages
