"""The messages of the review desk: ours, beside Partner Center's wire, under /vetline/v1/."""

import msgspec

from vetline.wire import faults, words
from vetline.wire.faults import FaultError
from vetline.wire.reading import Members, object_of, required_text, text_member, whole_number

MAX_NOTE = 4000


class EvidenceView(msgspec.Struct, rename="camel"):
    """One fact that a rule looked at, with the data set it comes from and that set's version."""

    rule: str
    saw: str
    dataset: str
    version: str


class FindingView(msgspec.Struct, rename="camel", omit_defaults=True):
    """What the screening found."""

    outcome: str
    rule: str
    explanation: str
    evidence: list[EvidenceView]
    reason: str | None = None


class EventView(msgspec.Struct, rename="camel", omit_defaults=True):
    """One change of a case."""

    step: str
    stage: str
    date: str
    actor: str
    attempt: int
    reason: str | None = None
    note: str = ""
    finding: FindingView | None = None
    seconded_by: str = ""


class ProposalView(msgspec.Struct, rename="camel", omit_defaults=True):
    """A decision that has not taken effect yet."""

    outcome: str
    actor: str
    date: str
    reason: str | None = None
    note: str = ""
    seconded_by: str = ""


class CaseView(msgspec.Struct, rename="camel", omit_defaults=True):
    """One case; the queue's items carry no history."""

    partner_id: str
    customer_id: str
    qualification: str
    stage: str
    attempt: int
    version: int
    submitted_date: str
    company_name: str
    domain: str
    country: str
    steps: list[str]
    uri: str
    education_segment: str | None = None
    website: str | None = None
    reason: str | None = None
    finding: FindingView | None = None
    proposal: ProposalView | None = None
    history: list[EventView] | None = None


class QueueView(msgspec.Struct, rename="camel", omit_defaults=True):
    """A page of the cases that wait for a person; `next` is the token of the page after it."""

    items: list[CaseView]
    next: str = ""


class DecisionRequest(msgspec.Struct):
    """A reviewer's decision as it arrives, checked.

    Parameters:
        note: the staff's own words.
        reason: one of the seven texts, empty for an approval.
        version: the version of the case that the reviewer has read, `None` when it is not said.
    """

    note: str
    reason: str
    version: int | None


def read_decision(body: bytes, *, with_reason: bool) -> DecisionRequest:
    """Return a reviewer's decision.

    Raises:
        FaultError: InvalidProperty or UnknownEnumValue naming what is wrong.
    """
    members = object_of(body) if body.strip() else {}
    reason = _reason(members) if with_reason else ""
    return DecisionRequest(text_member(members, "note", limit=MAX_NOTE), reason, _version(members))


def _reason(members: Members) -> str:
    text = text_member(members, "reason")
    reason = words.reason_named(text)
    if reason is None:
        known = "; ".join(words.REASONS)
        raise FaultError(faults.UNKNOWN_ENUM, f"Unable to parse enum: '{text[:100]}'. Give one of: {known}.")
    return reason


def _version(members: Members) -> int | None:
    if members.get("version") is None:
        return None
    value = whole_number(members["version"])
    if value is None:
        raise FaultError(faults.INVALID_PROPERTY, "Invalid property: version must be a number.")
    return value


class CodeRequest(msgspec.Struct):
    """A validation code that an administrator issues to a partner, checked."""

    validation_id: str
    organization_name: str
    max_creates: int
    remaining_creates: int


def read_code(body: bytes) -> CodeRequest:
    """Return the particulars of a validation code.

    Raises:
        FaultError: InvalidProperty naming what is wrong.
    """
    members = object_of(body)
    most = _count(members, "maxCreates", None)
    return CodeRequest(
        validation_id=required_text(members, "validationId", limit=128),
        organization_name=required_text(members, "organizationName", limit=256),
        max_creates=most,
        remaining_creates=_count(members, "remainingCreates", most),
    )


def _count(members: Members, name: str, default: int | None) -> int:
    value = whole_number(members.get(name.lower(), default))
    if value is None or not 0 <= value <= 1_000_000:
        raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {name} must be a number from 0 to 1000000.")
    return value
