"""Cases on the review desk: Vetline's own, no part of Partner Center."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vetline.sdk import reading
from vetline.sdk.dates import moment_of
from vetline.sdk.models.model import Model
from vetline.wire.reading import Members, folded


class Evidence(Model, frozen=True, kw_only=True):
    """One fact that a rule looked at."""

    rule: str = ""
    saw: str = ""
    dataset: str = ""
    version: str = ""


class Finding(Model, frozen=True, kw_only=True):
    """What the screening found.

    Parameters:
        outcome: ``approve``, ``deny`` or ``review``.
        rule: the rule that settled it.
        explanation: its words for the staff.
        evidence: what the rules saw.
        reason: the public reason, empty when there is none.
    """

    outcome: str = ""
    rule: str = ""
    explanation: str = ""
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


class CaseEvent(Model, frozen=True, kw_only=True):
    """One change of a case."""

    step: str = ""
    stage: str = ""
    date: datetime | None = None
    actor: str = ""
    attempt: int | None = None
    reason: str = ""
    note: str = ""
    finding: Finding | None = None


class Case(Model, frozen=True, kw_only=True):
    """One customer's case.

    Parameters:
        partner_id, customer_id, qualification: name it together.
        stage: where it stands.
        steps: what may be done with it, such as ``approve`` and ``deny``.
        version: to hand back with a decision, so that nobody decides on an outdated view.
        finding: why data could not decide; `None` before the screening.
        history: every change, the oldest first; empty in the queue.
        raw: every member that came, under its name in lower case.
    """

    partner_id: str
    customer_id: str
    qualification: str
    stage: str = ""
    attempt: int | None = None
    version: int | None = None
    submitted_date: datetime | None = None
    company_name: str = ""
    domain: str = ""
    country: str = ""
    education_segment: str = ""
    website: str = ""
    reason: str = ""
    steps: tuple[str, ...] = ()
    finding: Finding | None = None
    history: tuple[CaseEvent, ...] = ()
    raw: Mapping[str, Any] = {}


class Queue(Model, frozen=True, kw_only=True):
    """A page of the cases that wait for a person; `next` names the page after it, empty on the last."""

    items: tuple[Case, ...]
    next: str = ""


def case_in(members: Members) -> Case:
    """Return a case from its members under their lower-case names."""
    history = members.get("history")
    events = [folded(one) for one in history if isinstance(one, dict)] if isinstance(history, list) else []
    return Case(
        attempt=reading.number(members, "attempt"),
        version=reading.number(members, "version"),
        submitted_date=moment_of(members.get("submitteddate")),
        steps=tuple(reading.texts(members.get("steps"))),
        finding=_finding(members),
        history=tuple(_event(one) for one in events),
        raw=members,
        **{name: reading.text(members, wire) for name, wire in _TEXTS.items()},
    )


def _event(members: Members) -> CaseEvent:
    return CaseEvent(
        step=reading.text(members, "step"),
        stage=reading.text(members, "stage"),
        date=moment_of(members.get("date")),
        actor=reading.text(members, "actor"),
        attempt=reading.number(members, "attempt"),
        reason=reading.text(members, "reason"),
        note=reading.text(members, "note"),
        finding=_finding(members),
    )


def _finding(holder: Members) -> Finding | None:
    members = reading.inner(holder, "finding")
    if not members:
        return None
    given = members.get("evidence")
    facts = [folded(one) for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return Finding(
        outcome=reading.text(members, "outcome"),
        rule=reading.text(members, "rule"),
        explanation=reading.text(members, "explanation"),
        reason=reading.text(members, "reason"),
        evidence=tuple(_evidence(fact) for fact in facts),
    )


def _evidence(members: Members) -> Evidence:
    return Evidence(**{name: reading.text(members, name) for name in Evidence.__struct_fields__})


_TEXTS = {
    "partner_id": "partnerId",
    "customer_id": "customerId",
    "qualification": "qualification",
    "stage": "stage",
    "company_name": "companyName",
    "domain": "domain",
    "country": "country",
    "education_segment": "educationSegment",
    "website": "website",
    "reason": "reason",
}
