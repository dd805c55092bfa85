"""Why the rules say no. Values, not exceptions: a refusal is an ordinary outcome, put into words where it is told."""

from enum import Enum


class Refusal(Enum):
    """Each way in which a command can be refused."""

    ALREADY_IN_REVIEW = "already-in-review"
    ALREADY_QUALIFIED = "already-qualified"
    ATTEMPTS_EXHAUSTED = "attempts-exhausted"
    CANNOT_BE_COMBINED = "cannot-be-combined"
    SEGMENT_REQUIRED = "segment-required"
    CODE_REQUIRED = "code-required"
    CODE_NOT_FOUND = "code-not-found"
    CODE_EXHAUSTED = "code-exhausted"
    NOT_AWAITING_DECISION = "not-awaiting-decision"
    REASON_NOT_APPLICABLE = "reason-not-applicable"
    DECISION_PENDING = "decision-pending"
    SECOND_PERSON_NEEDED = "second-person-needed"
    PROPOSAL_DIFFERS = "proposal-differs"
    NOTHING_PROPOSED = "nothing-proposed"
