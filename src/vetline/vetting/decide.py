"""The rules of a case: `decide(case, command, now)` says what follows, and changes nothing itself."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from vetline.vetting import by_person
from vetline.vetting.case import Case, Event, Step
from vetline.vetting.commands import Approve, Command, Conclude, Deny, Settle, Submit, Withdraw
from vetline.vetting.decision import Decision, move
from vetline.vetting.evidence import Outcome
from vetline.vetting.limits import MAX_ATTEMPTS
from vetline.vetting.refusals import Refusal
from vetline.vetting.transitions import TRANSITIONS
from vetline.vetting.words import Programme, Stage

__all__ = ["Decision", "decide"]

# Education and GCC exclude each other, already while one is in review.
# https://github.com/microsoft/partner-center-sdk-for-dotNET CustomerQualificationOperations sample
EXCLUSIVE = frozenset({Programme.EDUCATION, Programme.GOVERNMENT})


def decide(case: Case, command: Command, now: datetime) -> Decision | Refusal:
    """Say what a command does to a case.

    Parameters:
        case: the case as it stands; NEW when there is none yet.
        command: what is asked, with every fact it needs.
        now: the current moment, aware, UTC.

    Returns:
        The decision, or why it is refused. Nothing is raised and nothing is changed.
    """
    match command:
        case Submit():
            return refusal if (refusal := _why_not_submit(case, command)) else _submit(case, command, now)
        case Conclude():
            return _conclude(case, command, now)
        case Approve():
            return by_person.approve(case, command, now)
        case Deny():
            return by_person.deny(case, command, now)
        case Withdraw():
            return by_person.withdraw(case, command, now)
        case Settle():
            return by_person.settle(case, now)
        case _:
            assert_never(command)


def _why_not_submit(case: Case, command: Submit) -> Refusal | None:
    """The order matters: combination before the code is looked at, the customer's standing before the claim."""
    if case.in_review:
        return Refusal.ALREADY_IN_REVIEW
    if case.held:
        return Refusal.ALREADY_QUALIFIED
    if case.programme in EXCLUSIVE and command.others & EXCLUSIVE - {case.programme}:
        return Refusal.CANNOT_BE_COMBINED
    if case.attempt >= MAX_ATTEMPTS:
        return Refusal.ATTEMPTS_EXHAUSTED
    return _what_claim_lacks(case.programme, command)


def _what_claim_lacks(programme: Programme, command: Submit) -> Refusal | None:
    if programme is Programme.EDUCATION:
        return Refusal.SEGMENT_REQUIRED if command.rules.segment_required and not command.claim.segment else None
    return _what_code_lacks(command) if programme is Programme.GOVERNMENT else None


def _what_code_lacks(command: Submit) -> Refusal | None:
    if not command.code.code:
        return Refusal.CODE_REQUIRED
    if command.code.remaining is None:
        return Refusal.CODE_NOT_FOUND
    return Refusal.CODE_EXHAUSTED if command.code.remaining < 1 else None


def _submit(case: Case, command: Submit, now: datetime) -> Decision:
    step = _first_step(case.programme, command)
    stage = TRANSITIONS[case.stage, step]
    moved = Case(
        partner=case.partner,
        customer=case.customer,
        programme=case.programme,
        stage=stage,
        attempt=case.attempt + 1,
        claim=command.claim,
        submitted_at=now,
        decided_at=None if stage is Stage.SCREENING else now,
        due_at=command.screen_at if stage is Stage.SCREENING else None,
        version=case.version + 1,
    )
    event = Event(step, stage, now, command.actor, moved.attempt, claim=command.claim)
    return Decision(moved, event, command.code.code if case.programme is Programme.GOVERNMENT else None)


def _first_step(programme: Programme, command: Submit) -> Step:
    if programme is Programme.STATE_OWNED:
        return Step.HOLD
    if programme is Programme.GOVERNMENT and not command.rules.government_reviewed:
        return Step.REDEEM
    return Step.SUBMIT


def _conclude(case: Case, command: Conclude, now: datetime) -> Decision | Refusal:
    verdict = command.verdict
    step = {Outcome.APPROVE: Step.APPROVE, Outcome.DENY: Step.DENY, Outcome.REFER: Step.REFER}[verdict.outcome]
    if case.stage is not Stage.SCREENING:
        return Refusal.NOT_AWAITING_DECISION
    decision = move(replace(case, finding=verdict), step, command.actor, now, reason=verdict.reason)
    return replace(decision, event=replace(decision.event, verdict=verdict))
