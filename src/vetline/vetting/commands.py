"""What can be asked of a case. Each command carries every fact that `decide` needs: deciding looks nothing up."""

from dataclasses import dataclass
from datetime import datetime

from vetline.vetting.applicant import Claim
from vetline.vetting.evidence import Verdict
from vetline.vetting.words import Programme, Reason


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator may choose about submissions.

    Parameters:
        segment_required: refuse Education without a segment, as the real service does since 17 May 2023.
        government_reviewed: send a GCC request with a valid code to a person instead of approving it at once.
    """

    segment_required: bool = False
    government_reviewed: bool = False


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What is known of the validation code that a partner named.

    Parameters:
        code: the code as given; empty when none was.
        remaining: creations left; `None` when this partner has no such code.
    """

    code: str = ""
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """A partner asks for a qualification.

    Parameters:
        claim: what the partner says of the customer.
        actor: who asks.
        others: the customer's other programmes that are held or in review.
        code: the validation code's facts, for GCC.
        screen_at: when the screening may look; `None` leaves it until something else wakes it.
        rules: the operator's choices.
    """

    claim: Claim
    actor: str
    others: frozenset[Programme] = frozenset()
    code: CodeFacts = CodeFacts()
    screen_at: datetime | None = None
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True)
class Conclude:
    """The screening is done and says what it found."""

    verdict: Verdict
    actor: str = "triage"


@dataclass(frozen=True, slots=True)
class Approve:
    """A person approves."""

    actor: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deny:
    """A person denies, or ends an approval."""

    actor: str
    reason: Reason
    note: str = ""


Command = Submit | Conclude | Approve | Deny
