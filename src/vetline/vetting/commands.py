"""What can be asked of a case. Each command carries every fact that `decide` needs: deciding looks nothing up."""

from datetime import datetime

import msgspec

from vetline.vetting.applicant import Claim
from vetline.vetting.evidence import Verdict
from vetline.vetting.words import Programme, Reason


class Rules(msgspec.Struct, frozen=True):
    """What an operator may choose about submissions.

    Parameters:
        segment_required: refuse Education without a segment, as the real service does since 17 May 2023.
        government_reviewed: send a GCC request with a valid code to a person instead of approving it at once.
    """

    segment_required: bool = False
    government_reviewed: bool = False


class CodeFacts(msgspec.Struct, frozen=True):
    """What is known of the validation code that a partner named.

    Parameters:
        code: the code as given; empty when none was.
        remaining: creations left; `None` when this partner has no such code.
    """

    code: str = ""
    remaining: int | None = None


class Submit(msgspec.Struct, frozen=True):
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


class Conclude(msgspec.Struct, frozen=True):
    """The screening is done and says what it found."""

    verdict: Verdict
    actor: str = "triage"


class Approve(msgspec.Struct, frozen=True):
    """A person approves."""

    actor: str
    note: str = ""


class Deny(msgspec.Struct, frozen=True):
    """A person denies, or ends an approval."""

    actor: str
    reason: Reason
    note: str = ""


Command = Submit | Conclude | Approve | Deny
