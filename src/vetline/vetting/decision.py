"""What follows from a command, and how a case is moved along the table."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from vetline.vetting.case import Case, Event, Step
from vetline.vetting.transitions import TRANSITIONS
from vetline.vetting.words import Reason, Stage

FINAL = frozenset({Stage.APPROVED, Stage.DENIED, Stage.HELD})


class Decision(msgspec.Struct, frozen=True):
    """What follows from a command.

    Parameters:
        case: the case as it stands afterwards, one version on.
        event: the change, for the audit log.
        redeemed: the validation code of which one creation is used up, in the same transaction.
    """

    case: Case
    event: Event
    redeemed: str | None = None


def move(case: Case, step: Step, actor: str, now: datetime, *, reason: Reason | None = None) -> Decision:
    """Return the decision that takes a step which the table allows; whatever was proposed is over."""
    stage = TRANSITIONS[case.stage, step]
    moved = replace(
        case,
        stage=stage,
        reason=reason,
        due_at=None,
        decided_at=now if stage in FINAL else None,
        proposal=None,
        version=case.version + 1,
    )
    return Decision(moved, Event(step, stage, now, actor, moved.attempt, reason))
