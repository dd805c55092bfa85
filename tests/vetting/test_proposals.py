"""Decisions that can still be undone, and decisions that need a second person."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.vetting.cases import LATER, T0, case_at, decided, proposed
from vetline.vetting.case import Step
from vetline.vetting.commands import Approve, Command, Deny, Rules, Settle, Withdraw
from vetline.vetting.decide import decide
from vetline.vetting.evidence import Outcome
from vetline.vetting.proposal import Proposal
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import FourEyes, Programme, Reason, Stage

RAE, SOL = "reviewer:rae", "reviewer:sol"
DUE = LATER + timedelta(seconds=10)
DENIALS, BOTH = Rules(four_eyes=frozenset({FourEyes.DENIALS})), Rules(four_eyes=frozenset(FourEyes))
DENIED = Deny(RAE, Reason.RESTRICTED, "no charter", DUE)


def test_decision_takes_effect_when_the_time_to_undo_it_is_over() -> None:
    """Nothing a partner can see changes before; then it is as if it were decided then, by the same person."""
    before = decided(decide(case_at(Stage.REVIEWING), DENIED, LATER)).case
    assert (before.stage, before.reason, before.decided_at, before.due_at) == (Stage.REVIEWING, None, None, DUE)
    found = decided(decide(before, Settle(), DUE))
    assert (found.case.stage, found.case.reason, found.case.decided_at) == (Stage.DENIED, Reason.RESTRICTED, DUE)
    assert (found.case.proposal, found.case.due_at) == (None, None)
    event = found.event
    assert (event.step, event.actor, event.note, event.at) == (Step.DENY, RAE, "no charter", DUE)


def test_nothing_settles_before_its_time() -> None:
    """The moment itself is due, and not a microsecond before it."""
    waiting = decided(decide(case_at(Stage.REVIEWING), DENIED, LATER)).case
    assert decide(waiting, Settle(), DUE - timedelta(microseconds=1)) is Refusal.NOTHING_PROPOSED


@pytest.mark.parametrize("moment", [LATER, DUE + timedelta(days=1)])
def test_anybody_may_undo_until_it_has_taken_effect(moment: datetime) -> None:
    """Also late, when no worker has come by: what was undone never happens."""
    waiting = decided(decide(case_at(Stage.REVIEWING), DENIED, LATER)).case
    found = decided(decide(waiting, Withdraw(SOL, "wrong customer"), moment))
    assert (found.case.proposal, found.case.due_at, found.case.stage) == (None, None, Stage.REVIEWING)
    assert (found.event.step, found.event.actor, found.event.note) == (Step.WITHDRAW, SOL, "wrong customer")
    assert decide(found.case, Settle(), DUE) is Refusal.NOTHING_PROPOSED


@pytest.mark.parametrize("command", [Approve(SOL), DENIED, Deny(SOL, Reason.RESTRICTED, settle_at=DUE)])
def test_decision_that_is_about_to_take_effect_is_nobodys_to_change(command: Command) -> None:
    """It has to be undone first, so that nobody's decision vanishes unseen."""
    waiting = decided(decide(case_at(Stage.REVIEWING), DENIED, LATER)).case
    assert decide(waiting, command, LATER) is Refusal.DECISION_PENDING


def test_end_of_an_approval_can_be_undone_too() -> None:
    """The customer stays approved meanwhile."""
    wanted = Deny(RAE, Reason.NO_LONGER_EDUCATION, settle_at=DUE)
    waiting = decided(decide(case_at(Stage.APPROVED), wanted, LATER)).case
    assert (waiting.stage, waiting.decided_at) == (Stage.APPROVED, T0)
    assert decided(decide(waiting, Settle(), DUE)).event.step is Step.REVOKE


@pytest.mark.parametrize(
    ("stage", "programme", "command"),
    [
        (Stage.REVIEWING, Programme.EDUCATION, Deny(RAE, Reason.RESTRICTED, "n", DUE, DENIALS)),
        (Stage.SCREENING, Programme.EDUCATION, Deny(RAE, Reason.RESTRICTED, "n", DUE, DENIALS)),
        (Stage.APPROVED, Programme.EDUCATION, Deny(RAE, Reason.NO_LONGER_EDUCATION, "n", None, DENIALS)),
        (Stage.REVIEWING, Programme.GOVERNMENT, Approve(RAE, "n", DUE, BOTH)),
        (Stage.REVIEWING, Programme.GOVERNMENT, Deny(RAE, Reason.RESTRICTED, "n", None, BOTH)),
    ],
)
def test_what_needs_a_second_person_waits_for_one(stage: Stage, programme: Programme, command: Command) -> None:
    """It never settles by itself."""
    waiting = decided(decide(case_at(stage, programme), command, LATER)).case
    assert waiting.awaits_second
    assert waiting.stage is (Stage.APPROVED if stage is Stage.APPROVED else Stage.REVIEWING)
    assert decide(waiting, Settle(), DUE + timedelta(days=9)) is Refusal.NOTHING_PROPOSED


@pytest.mark.parametrize("rules", [Rules(), DENIALS])
def test_what_needs_no_second_person_is_decided_at_once(rules: Rules) -> None:
    """An approval is no denial."""
    found = decided(decide(case_at(Stage.REVIEWING), Approve(RAE, rules=rules), LATER))
    assert found.case.stage is Stage.APPROVED


def test_second_person_decides_with_the_first() -> None:
    """Both are in the audit log, with both their words, and the decision is the first one's."""
    event = decided(decide(proposed(), Approve(SOL, "so did I", rules=BOTH), LATER)).event
    assert (event.step, event.actor, event.seconded_by) == (Step.APPROVE, RAE, SOL)
    assert event.note == "saw the charter\nso did I"


def test_agreement_can_be_undone_as_well() -> None:
    """It settles after its time, and whoever undoes it sends the case back as it was before both."""
    agreed = decided(decide(proposed(), Approve(SOL, settle_at=DUE), LATER))
    assert (agreed.event.step, agreed.event.actor, agreed.case.due_at) == (Step.SECOND, SOL, DUE)
    assert decided(decide(agreed.case, Withdraw(RAE), DUE)).case.proposal is None
    settled = decided(decide(agreed.case, Settle(), DUE))
    assert (settled.event.actor, settled.event.seconded_by) == (RAE, SOL)


def test_nobody_agrees_with_himself() -> None:
    """Not even when the operator wants no second person any more: he may withdraw, and decide anew."""
    assert decide(proposed(), Approve(RAE), LATER) is Refusal.SECOND_PERSON_NEEDED
    assert decide(proposed(), Approve(RAE, settle_at=DUE), LATER) is Refusal.SECOND_PERSON_NEEDED
    back = decided(decide(proposed(), Withdraw(RAE), LATER)).case
    assert decided(decide(back, Approve(RAE), LATER)).case.stage is Stage.APPROVED


@pytest.mark.parametrize("reason", [Reason.NOT_EDUCATION, Reason.NOT_ELIGIBLE_MUSEUM])
def test_another_decision_is_no_agreement(reason: Reason) -> None:
    """Neither another outcome nor another reason."""
    waiting = proposed(outcome=Outcome.DENY, reason=Reason.RESTRICTED)
    assert decide(waiting, Deny(SOL, reason), LATER) is Refusal.PROPOSAL_DIFFERS
    assert decide(waiting, Approve(SOL), LATER) is Refusal.PROPOSAL_DIFFERS


def test_nothing_is_withdrawn_where_nothing_is_proposed() -> None:
    """Also on a case that was decided meanwhile."""
    for stage in Stage:
        assert decide(case_at(stage), Withdraw(RAE), LATER) is Refusal.NOTHING_PROPOSED


@pytest.mark.parametrize("due_at", [None, DUE])
def test_who_overrules_decides_alone_and_at_once(due_at: datetime | None) -> None:
    """Whatever is proposed, and whatever the operator wants of reviewers."""
    command = Deny("sandbox", Reason.RESTRICTED, rules=BOTH, overrules=True)
    assert decided(decide(proposed(due_at=due_at), command, LATER)).case.stage is Stage.DENIED


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Outcome.REFER, None), (Outcome.DENY, None), (Outcome.APPROVE, Reason.RESTRICTED)],
)
def test_proposal_that_nobody_could_carry_out_cannot_be_made(outcome: Outcome, reason: Reason | None) -> None:
    """The rules of a verdict hold for people too."""
    with pytest.raises(ValueError, match="without a reason"):
        Proposal(outcome, reason, "", RAE, T0)


def test_decision_by_a_second_person_leaves_no_trace_of_the_proposal() -> None:
    """The case is as any other that was decided."""
    case = decided(decide(proposed(), Approve(SOL), LATER)).case
    assert replace(case, version=0) == replace(case_at(Stage.APPROVED), decided_at=LATER, version=0)
