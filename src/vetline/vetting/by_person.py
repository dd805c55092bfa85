"""What people decide: at once, after a time in which it can be undone, or when a second person agrees.

A decision that does not take effect at once is kept on the case as a proposal. Who proposed never agrees with himself,
and whatever is proposed can be withdrawn by anybody who may decide.
"""

from datetime import datetime

from msgspec.structs import replace

from vetline.vetting.case import Case, Event, Step
from vetline.vetting.commands import Approve, Deny, Withdraw
from vetline.vetting.decision import Decision, move
from vetline.vetting.evidence import Outcome
from vetline.vetting.proposal import Proposal
from vetline.vetting.refusals import Refusal
from vetline.vetting.transitions import TRANSITIONS
from vetline.vetting.words import FourEyes, Programme, Reason, Stage


def approve(case: Case, command: Approve, now: datetime) -> Decision | Refusal:
    """Say what a reviewer's approval does to a case."""
    if (case.stage, Step.APPROVE) not in TRANSITIONS:
        return Refusal.NOT_AWAITING_DECISION
    return _decide(case, command, Proposal(Outcome.APPROVE, None, command.note, command.actor, now))


def deny(case: Case, command: Deny, now: datetime) -> Decision | Refusal:
    """Say what a reviewer's denial does: an approval ends only with the reason made for it, which fits nothing else."""
    if not _has_way_out(case):
        return Refusal.NOT_AWAITING_DECISION
    ends_approval = command.reason is Reason.NO_LONGER_EDUCATION
    if ends_approval != (case.stage is Stage.APPROVED) or (ends_approval and case.programme is not Programme.EDUCATION):
        return Refusal.REASON_NOT_APPLICABLE
    return _decide(case, command, Proposal(Outcome.DENY, command.reason, command.note, command.actor, now))


def withdraw(case: Case, command: Withdraw, now: datetime) -> Decision | Refusal:
    """Say what it does to take back whatever is proposed."""
    if case.proposal is None:
        return Refusal.NOTHING_PROPOSED
    event = Event(Step.WITHDRAW, case.stage, now, command.actor, case.attempt, note=command.note)
    return _keep(case, event, None, None)


def settle(case: Case, now: datetime) -> Decision | Refusal:
    """Say what follows when the time to undo a decision is over."""
    if case.proposal is None or case.due_at is None or case.due_at > now:
        return Refusal.NOTHING_PROPOSED
    return _carry_out(case, case.proposal, now)


def _has_way_out(case: Case) -> bool:
    return any((case.stage, step) in TRANSITIONS for step in (Step.DENY, Step.REVOKE))


def _decide(case: Case, command: Approve | Deny, wanted: Proposal) -> Decision | Refusal:
    if command.overrules:
        return _carry_out(case, wanted, wanted.at)
    if case.proposal is not None:
        return _second(case, case.proposal, wanted, command.settle_at)
    if _needs_second(case, wanted, command.rules.four_eyes):
        return _propose(case, wanted, None)
    return _propose(case, wanted, command.settle_at) if command.settle_at else _carry_out(case, wanted, wanted.at)


def _needs_second(case: Case, wanted: Proposal, four_eyes: frozenset[FourEyes]) -> bool:
    denials = FourEyes.DENIALS in four_eyes and wanted.outcome is Outcome.DENY
    return denials or (FourEyes.GOVERNMENT in four_eyes and case.programme is Programme.GOVERNMENT)


def _second(case: Case, proposal: Proposal, wanted: Proposal, settle_at: datetime | None) -> Decision | Refusal:
    if case.due_at is not None:
        return Refusal.DECISION_PENDING
    if proposal.actor == wanted.actor:
        return Refusal.SECOND_PERSON_NEEDED
    if not proposal.agrees(wanted):
        return Refusal.PROPOSAL_DIFFERS
    notes = "\n".join(filter(None, (proposal.note, wanted.note)))
    agreed = replace(proposal, note=notes, seconded_by=wanted.actor)
    if settle_at is None:
        return _carry_out(case, agreed, wanted.at)
    return _keep(case, _event(case, Step.SECOND, wanted), agreed, settle_at)


def _propose(case: Case, wanted: Proposal, settle_at: datetime | None) -> Decision:
    return _keep(case, _event(case, Step.PROPOSE, wanted), wanted, settle_at)


def _event(case: Case, step: Step, wanted: Proposal) -> Event:
    stage = TRANSITIONS[case.stage, step]
    return Event(step, stage, wanted.at, wanted.actor, case.attempt, wanted.reason, wanted.note)


def _keep(case: Case, event: Event, proposal: Proposal | None, due_at: datetime | None) -> Decision:
    """Change what is proposed, and nothing that the partner can see."""
    kept = replace(case, stage=event.stage, proposal=proposal, due_at=due_at, version=case.version + 1)
    return Decision(kept, event)


def _carry_out(case: Case, wanted: Proposal, now: datetime) -> Decision:
    decision = move(case, _step(case.stage, wanted), wanted.actor, now, reason=wanted.reason)
    event = replace(decision.event, note=wanted.note, seconded_by=wanted.seconded_by)
    return replace(decision, event=event)


def _step(stage: Stage, wanted: Proposal) -> Step:
    if wanted.outcome is Outcome.APPROVE:
        return Step.APPROVE
    return Step.REVOKE if stage is Stage.APPROVED else Step.DENY
