"""What can be asked of a case. Each command carries every fact that `decide` needs: deciding looks nothing up."""

from datetime import datetime

import msgspec

from vetline.vetting.applicant import Claim
from vetline.vetting.evidence import Verdict
from vetline.vetting.words import FourEyes, Programme, Reason


class Rules(msgspec.Struct, frozen=True):
    """What an operator may choose about submissions and decisions.

    Parameters:
        segment_required: refuse Education without a segment, as the real service does since 17 May 2023.
        government_reviewed: send a GCC request with a valid code to a person instead of approving it at once.
        four_eyes: which decisions of a person take effect only when a second person agrees.
    """

    segment_required: bool = False
    government_reviewed: bool = False
    four_eyes: frozenset[FourEyes] = frozenset()


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
    """A person approves.

    Parameters:
        actor: who.
        note: the staff's own words.
        settle_at: until when it can be undone; `None`: it takes effect at once.
        rules: the operator's choices.
        overrules: decide alone and at once, whatever is proposed.
    """

    actor: str
    note: str = ""
    settle_at: datetime | None = None
    rules: Rules = Rules()
    overrules: bool = False


class Deny(msgspec.Struct, frozen=True):
    """A person denies, or ends an approval.

    Parameters:
        reason: one of the seven.
        actor, note, settle_at, rules, overrules: as for `Approve`.
    """

    actor: str
    reason: Reason
    note: str = ""
    settle_at: datetime | None = None
    rules: Rules = Rules()
    overrules: bool = False


class Withdraw(msgspec.Struct, frozen=True):
    """A person takes back what is proposed, also what somebody else has."""

    actor: str
    note: str = ""


class Settle(msgspec.Struct, frozen=True):
    """The time in which a decision could be undone is over."""


Command = Submit | Conclude | Approve | Deny | Withdraw | Settle
