"""A case: one customer's standing in one programme, over all its verification requests."""

from datetime import datetime
from enum import Enum

import msgspec

from vetline.vetting.applicant import Claim
from vetline.vetting.evidence import Verdict
from vetline.vetting.proposal import Proposal
from vetline.vetting.words import Programme, Reason, Stage


class Step(Enum):
    """What can happen to a case."""

    SUBMIT = "submit"
    REDEEM = "redeem"
    HOLD = "hold"
    REFER = "refer"
    APPROVE = "approve"
    DENY = "deny"
    REVOKE = "revoke"
    PROPOSE = "propose"
    SECOND = "second"
    WITHDRAW = "withdraw"


class Case(msgspec.Struct, frozen=True):
    """Where one customer stands in one programme. A case that was never submitted is NEW, at version 0.

    Parameters:
        partner: the partner's tenant, a lower-case GUID.
        customer: the customer's tenant, a lower-case GUID.
        programme: what it asks for.
        stage: where it stands.
        attempt: how many verification requests were made, 0 to 3.
        claim: what the latest request said.
        reason: why it was denied, only while denied.
        submitted_at: when the latest request came in, UTC.
        decided_at: when it was approved, denied or held, UTC.
        due_at: when the screening should look at it, or when what is proposed takes effect; `None` when nothing is to
            be done without a person.
        finding: what the latest screening found.
        proposal: what a person has decided and has not taken effect yet.
        version: grows by one with each change; a save that expects another version conflicts.
    """

    partner: str
    customer: str
    programme: Programme
    stage: Stage = Stage.NEW
    attempt: int = 0
    claim: Claim = Claim()
    reason: Reason | None = None
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    due_at: datetime | None = None
    finding: Verdict | None = None
    version: int = 0
    proposal: Proposal | None = None

    @property
    def awaits_second(self) -> bool:
        """Whether what is proposed takes effect only when a second person agrees."""
        return self.proposal is not None and self.due_at is None

    @property
    def in_review(self) -> bool:
        """Whether it waits for the screening or for a person."""
        return self.stage in (Stage.SCREENING, Stage.REVIEWING)

    @property
    def held(self) -> bool:
        """Whether the customer has what it asked for."""
        return self.stage in (Stage.APPROVED, Stage.HELD)


class Event(msgspec.Struct, frozen=True):
    """One change of a case, as the audit log keeps it.

    Parameters:
        step: what happened.
        stage: where the case stood afterwards.
        at: when, UTC.
        actor: who did it: ``partner:...``, ``reviewer:...``, ``triage`` or ``sandbox``.
        attempt: which verification request it belongs to.
        reason: why, for a denial.
        note: the staff's own words, never shown to a partner.
        verdict: the finding behind it, for an automatic step.
        claim: what was claimed, for a submission.
        seconded_by: who agreed, where a second person had to.
    """

    step: Step
    stage: Stage
    at: datetime
    actor: str
    attempt: int
    reason: Reason | None = None
    note: str = ""
    verdict: Verdict | None = None
    claim: Claim | None = None
    seconded_by: str = ""
