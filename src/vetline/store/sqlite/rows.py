"""Between rows and records: GUIDs are 16 bytes, moments are microseconds since 1970, the rest is text or JSON."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from vetline.store import documents
from vetline.store.changes import CaseAssigned
from vetline.store.queue import Assignment
from vetline.store.records import Code, Customer, Remembered, Standing
from vetline.vetting.case import Case, Event
from vetline.vetting.words import Programme, Reason, Stage

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

PROGRAMMES = {programme.value: programme for programme in Programme}
_STAGES = {stage.value: stage for stage in Stage}
_REASONS = {reason.value: reason for reason in Reason}
_ORDER = {programme: place for place, programme in enumerate(Programme)}


def blob(guid: str) -> bytes:
    """Return a lower-case GUID as 16 bytes."""
    return bytes.fromhex(guid.replace("-", ""))


# Partners are few and customers are many: only a partner's form is worth keeping.
partner_blob = lru_cache(maxsize=1024)(blob)


def guid(raw: bytes) -> str:
    """Return 16 bytes as a lower-case GUID."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Return microseconds since 1970 as a moment in UTC."""
    return _EPOCH + timedelta(microseconds=value)


def _moment_or_none(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def standings(rows: list[Row]) -> list[Standing]:
    """Return a customer's standings in the order of the programmes; a row of nulls means none."""
    found = [
        Standing(PROGRAMMES[programme], _STAGES[stage], _REASONS.get(reason), moment(submitted_at))
        for programme, stage, reason, submitted_at in rows
        if programme is not None
    ]
    if len(found) > 1:
        found.sort(key=lambda standing: _ORDER[standing.programme])
    return found


def case_of(row: Row) -> Case:
    """Return the case in the first columns of each statement that returns whole cases."""
    return Case(
        partner=guid(row[0]),
        customer=guid(row[1]),
        programme=PROGRAMMES[row[2]],
        stage=_STAGES[row[3]],
        attempt=row[4],
        claim=documents.claim_of(row[5]),
        reason=_REASONS.get(row[6]),
        submitted_at=moment(row[7]),
        decided_at=_moment_or_none(row[8]),
        due_at=_moment_or_none(row[9]),
        finding=None if row[10] is None else documents.verdict_of(row[10]),
        version=row[11],
        proposal=documents.proposal_of(row[12], row[11]),
    )


def case_row(case: Case) -> Row:
    """Return the parameters of ``add_case``."""
    if case.submitted_at is None:
        raise ValueError("a case that was never submitted is not kept")
    return (
        partner_blob(case.partner),
        blob(case.customer),
        case.programme.value,
        case.stage.value,
        case.attempt,
        documents.text_of(case.claim),
        case.reason.value if case.reason else None,
        micros(case.submitted_at),
        micros(case.decided_at) if case.decided_at else None,
        micros(case.due_at) if case.due_at else None,
        documents.text_of(case.finding) if case.finding else None,
        case.version,
    )


def moved_row(case: Case) -> Row:
    """Return the parameters of ``move_case``; what the queue is filtered by stands there only while it is in it."""
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
    return None if actor is None else Assignment(actor, name, moment(since))


def assigned_row(effect: CaseAssigned) -> Row:
    """Return the parameters of ``assign_case``."""
    key, to = effect.case, effect.assignment
    return (
        blob(key.partner),
        blob(key.customer),
        key.programme.value,
        effect.before,
        to.actor if to else None,
        to.name if to else None,
        micros(to.since) if to else None,
    )


def event_row(case: Case, event: Event) -> Row:
    """Return the parameters of ``add_event``."""
    return (
        partner_blob(case.partner),
        blob(case.customer),
        case.programme.value,
        case.version,
        micros(event.at),
        documents.text_of(event),
    )


def event_of(row: Row) -> Event:
    """Return the event in a row of ``history``."""
    return documents.event_of(row[0])


def customer_of(row: Row) -> Customer:
    """Return the customer in a row of ``customer`` and ``customers...``."""
    return documents.customer_from(guid(row[0]), guid(row[1]), row[2], row[3], moment(row[4]), row[5])


def customer_row(customer: Customer) -> Row:
    """Return the parameters of ``add_customer`` and ``change_customer``."""
    return (
        blob(customer.partner),
        blob(customer.id),
        customer.domain,
        customer.name_key,
        documents.particulars_text(customer),
        micros(customer.created_at),
        customer.version,
    )


def code_of(row: Row) -> Code:
    """Return the code in a row of ``code``, ``codes`` and ``redeemed_codes``."""
    return Code(guid(row[0]), row[1], row[2], row[3], row[4], moment(row[5]))


def code_row(code: Code) -> Row:
    """Return the parameters of ``issue_code``."""
    return (
        blob(code.partner), code.code, code.organization, code.max_creates, code.remaining, micros(code.changed_at)
    )  # fmt: skip


def answer_of(row: Row) -> Remembered:
    """Return the answer in a row of ``answer``."""
    return Remembered(guid(row[0]), row[1], row[2], row[3], row[4], moment(row[5]))


def answer_row(answer: Remembered) -> Row:
    """Return the parameters of ``remember_answer``."""
    return partner_blob(answer.partner), answer.key, answer.fingerprint, answer.status, answer.body, micros(answer.at)
