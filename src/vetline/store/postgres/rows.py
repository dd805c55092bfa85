"""Between PostgreSQL's rows and records: GUIDs are uuid, moments timestamptz, the rest is text or JSON in text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vetline.store import documents
from vetline.store.changes import CaseAssigned
from vetline.store.queue import Assignment
from vetline.store.records import Code, Customer, Remembered, Standing
from vetline.vetting.case import Case, Event
from vetline.vetting.words import Programme, Reason, Stage

Row = Sequence[Any]

PROGRAMMES = {programme.value: programme for programme in Programme}
_STAGES = {stage.value: stage for stage in Stage}
_REASONS = {reason.value: reason for reason in Reason}
_ORDER = {programme: place for place, programme in enumerate(Programme)}


def standings(rows: Sequence[Row]) -> list[Standing]:
    """Return a customer's standings in the order of the programmes, from its rows of ``standing``."""
    found = [
        Standing(PROGRAMMES[programme], _STAGES[stage], _REASONS.get(reason), submitted_at)
        for _, programme, stage, reason, submitted_at in rows
        if programme is not None
    ]
    if len(found) > 1:
        found.sort(key=lambda standing: _ORDER[standing.programme])
    return found


def case_of(row: Row) -> Case:
    """Return the case in a row of ``case``, ``queue_reviewing`` and ``claim_...``."""
    partner, customer, programme, stage, attempt, claim, reason, submitted, decided, due, finding, version, proposal = (
        row
    )
    return Case(
        partner=str(partner),
        customer=str(customer),
        programme=PROGRAMMES[programme],
        stage=_STAGES[stage],
        attempt=attempt,
        claim=documents.claim_of(claim),
        reason=_REASONS.get(reason),
        submitted_at=submitted,
        decided_at=decided,
        due_at=due,
        finding=None if finding is None else documents.verdict_of(finding),
        version=version,
        proposal=documents.proposal_of(proposal, version),
    )


def case_row(case: Case) -> Row:
    """Return the values of ``add_case``."""
    if case.submitted_at is None:
        raise ValueError("a case that was never submitted is not kept")
    return (
        case.partner,
        case.customer,
        case.programme.value,
        case.stage.value,
        case.attempt,
        documents.text_of(case.claim),
        case.reason.value if case.reason else None,
        case.submitted_at,
        case.decided_at,
        case.due_at,
        documents.text_of(case.finding) if case.finding else None,
        case.version,
    )


def moved_row(case: Case) -> Row:
    """Return the values of ``move_case``; what the queue is filtered by stands there only while the case is in it."""
    waits, finding = case.stage is Stage.REVIEWING, case.finding
    return (
        *case_row(case),
        documents.proposal_text(case),
        case.proposal.actor if case.proposal else None,
        finding.rule if waits and finding else None,
        finding.country if waits and finding else None,
        finding.domain if waits and finding else None,
    )


def assignment_of(row: Row) -> Assignment | None:
    """Return the assignment in the columns ``assignee``, ``assignee_name`` and ``assigned_at``."""
    actor, name, since = row
    return None if actor is None else Assignment(actor, name, since)


def assigned_row(effect: CaseAssigned) -> Row:
    """Return the values of ``assign_case``."""
    key, to = effect.case, effect.assignment
    return (
        key.partner,
        key.customer,
        key.programme.value,
        effect.before,
        to.actor if to else None,
        to.name if to else None,
        to.since if to else None,
    )


def event_row(case: Case, event: Event) -> Row:
    """Return the values of ``add_event``."""
    return case.partner, case.customer, case.programme.value, case.version, event.at, documents.text_of(event)


def customer_of(row: Row) -> Customer:
    """Return the customer in a row of ``customers...``."""
    partner, customer, domain, particulars, created_at, version = row
    return documents.customer_from(str(partner), str(customer), domain, particulars, created_at, version)


def customer_row(customer: Customer) -> Row:
    """Return the values of ``add_customer`` and ``change_customer``."""
    return (
        customer.partner,
        customer.id,
        customer.domain,
        customer.name_key,
        documents.particulars_text(customer),
        customer.created_at,
        customer.version,
    )


def code_of(row: Row) -> Code:
    """Return the code in a row of ``codes`` and ``redeemed_codes``."""
    return Code(str(row[0]), *row[1:])


def code_row(code: Code) -> Row:
    """Return the values of ``issue_code``."""
    return code.partner, code.code, code.organization, code.max_creates, code.remaining, code.changed_at


def answer_of(row: Row) -> Remembered:
    """Return the answer in the columns of the table."""
    return Remembered(str(row[0]), *row[1:])


def answer_row(answer: Remembered) -> Row:
    """Return the values of ``remember_answer``."""
    return answer.partner, answer.key, answer.fingerprint, answer.status, answer.body, answer.at


def page_bounds(after: tuple[Any, str] | None, beginning: str | datetime) -> tuple[Any, str]:
    """Return after what a page begins; without a place it begins before everything."""
    return after or (beginning, "00000000-0000-0000-0000-000000000000")
