"""Cases, findings and histories, between our words and the review desk's messages."""

import base64
import binascii
from datetime import datetime

import msgspec

from vetline.api.translate import PROGRAMME_NAMES, REASON_TEXTS, SEGMENT_NAMES
from vetline.store.records import Customer
from vetline.vetting.case import Case, Event
from vetline.vetting.evidence import Verdict
from vetline.vetting.proposal import Proposal
from vetline.vetting.transitions import DECISIONS, steps_from
from vetline.vetting.words import Reason
from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.qualifications import date_text
from vetline.wire.review import CaseView, EventView, EvidenceView, FindingView, ProposalView, QueueView


def case_view(case: Case, customer: Customer, history: tuple[Event, ...] | None = None) -> CaseView:
    """Return a case as a reviewer sees it, with the steps that its stage allows."""
    if case.submitted_at is None:
        raise ValueError("a case that was never submitted cannot be reviewed")
    name = PROGRAMME_NAMES[case.programme]
    return CaseView(
        partner_id=case.partner,
        customer_id=case.customer,
        qualification=name,
        stage=case.stage.value,
        attempt=case.attempt,
        version=case.version,
        submitted_date=date_text(case.submitted_at),
        company_name=customer.company_name,
        domain=customer.domain,
        country=customer.address.country,
        steps=sorted(step.value for step in steps_from(case.stage) & DECISIONS),
        uri=f"/vetline/v1/review/cases/{case.partner}/{case.customer}/{name}",
        education_segment=SEGMENT_NAMES[case.claim.segment] if case.claim.segment else None,
        website=case.claim.website,
        reason=_reason_text(case.reason),
        finding=_finding_view(case.finding),
        proposal=_proposal_view(case.proposal),
        history=None if history is None else [_event_view(event) for event in history],
    )


def queue_view(rows: list[tuple[Case, Customer]], more: bool) -> QueueView:
    """Return a page of the queue."""
    items = [case_view(case, customer) for case, customer in rows]
    return QueueView(items, _token(rows[-1][0]) if more else "")


class _Place(msgspec.Struct, array_like=True):
    """Where a page of the queue ended."""

    at: datetime
    customer: str


def _token(case: Case) -> str:
    if case.submitted_at is None:
        raise ValueError("a case that was never submitted does not wait")
    return base64.urlsafe_b64encode(msgspec.json.encode(_Place(case.submitted_at, case.customer))).decode().rstrip("=")


def read_token(token: str) -> tuple[datetime, str] | None:
    """Return where a page of the queue continues; `None` for the first page.

    Raises:
        FaultError: InvalidContinuation.
    """
    if not token:
        return None
    try:
        place = msgspec.json.decode(base64.urlsafe_b64decode(token + "==="), type=_Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise FaultError(faults.INVALID_CONTINUATION) from error
    if guid_of(place.customer) is None or place.at.tzinfo is None:
        raise FaultError(faults.INVALID_CONTINUATION)
    return place.at, place.customer


def _finding_view(finding: Verdict | None) -> FindingView | None:
    if finding is None:
        return None
    evidence = [EvidenceView(fact.rule, fact.saw, fact.dataset, fact.version) for fact in finding.evidence]
    reason = _reason_text(finding.reason)
    return FindingView(finding.outcome.value, finding.rule, finding.explanation, evidence, reason)


def _proposal_view(proposal: Proposal | None) -> ProposalView | None:
    if proposal is None:
        return None
    return ProposalView(
        outcome=proposal.outcome.value,
        actor=proposal.actor,
        date=date_text(proposal.at),
        reason=_reason_text(proposal.reason),
        note=proposal.note,
        seconded_by=proposal.seconded_by,
    )


def _event_view(event: Event) -> EventView:
    return EventView(
        step=event.step.value,
        stage=event.stage.value,
        date=date_text(event.at),
        actor=event.actor,
        attempt=event.attempt,
        reason=_reason_text(event.reason),
        note=event.note,
        finding=_finding_view(event.verdict),
        seconded_by=event.seconded_by,
    )


def _reason_text(reason: Reason | None) -> str | None:
    return REASON_TEXTS[reason] if reason else None
