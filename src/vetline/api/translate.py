"""The border between the wire's words and ours: one table a direction, one table for refusals."""

from collections.abc import Sequence
from typing import Final

import msgspec

from vetline.api.call import Answer
from vetline.api.faulting import fault_answer
from vetline.desk.partner import Submitted
from vetline.store.records import Code, Standing
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Reason, Segment, Stage
from vetline.wire import faults, words
from vetline.wire.contract import Contract, Dated, Shape
from vetline.wire.contracts import CREATE_DATE, CREATED_DATE, DOCUMENTED
from vetline.wire.faults import Fault, FaultError
from vetline.wire.qualifications import (
    CodeRelationView,
    QualificationRequest,
    QualificationView,
    ValidationCodeView,
    date_text,
    etag_text,
    shaped,
)

PROGRAMME_NAMES: Final = {
    Programme.EDUCATION: words.EDUCATION,
    Programme.GOVERNMENT: words.GOVERNMENT,
    Programme.STATE_OWNED: words.STATE_OWNED,
}
PROGRAMMES: Final = {name: programme for programme, name in PROGRAMME_NAMES.items()}

STATUSES: Final = {
    Stage.SCREENING: words.IN_REVIEW,
    Stage.REVIEWING: words.IN_REVIEW,
    Stage.APPROVED: words.APPROVED,
    Stage.DENIED: words.DENIED,
    Stage.HELD: None,
}

REASON_TEXTS: Final = dict(zip(Reason, words.REASONS, strict=True))
REASONS: Final = {text: reason for reason, text in REASON_TEXTS.items()}

SEGMENTS: Final = {words.K12: Segment.K12, words.HIGHER_EDUCATION: Segment.HIGHER}
SEGMENT_NAMES: Final = {segment: name for name, segment in SEGMENTS.items()}

FAULTS: Final[dict[Refusal, Fault]] = {
    Refusal.ALREADY_IN_REVIEW: faults.ALREADY_IN_REVIEW,
    Refusal.ALREADY_QUALIFIED: faults.ALREADY_QUALIFIED,
    Refusal.ATTEMPTS_EXHAUSTED: faults.ATTEMPTS_EXHAUSTED,
    Refusal.CANNOT_BE_COMBINED: faults.CANNOT_BE_COMBINED,
    Refusal.SEGMENT_REQUIRED: faults.SEGMENT_REQUIRED,
    Refusal.CODE_REQUIRED: faults.CODE_REQUIRED,
    Refusal.CODE_NOT_FOUND: faults.CODE_NOT_FOUND,
    Refusal.CODE_EXHAUSTED: faults.CODE_EXHAUSTED,
    Refusal.NOT_AWAITING_DECISION: faults.NOT_AWAITING_DECISION,
    Refusal.REASON_NOT_APPLICABLE: faults.REASON_NOT_APPLICABLE,
    Refusal.DECISION_PENDING: faults.DECISION_PENDING,
    Refusal.SECOND_PERSON_NEEDED: faults.SECOND_PERSON_NEEDED,
    Refusal.PROPOSAL_DIFFERS: faults.PROPOSAL_DIFFERS,
    Refusal.NOTHING_PROPOSED: faults.NOTHING_PROPOSED,
}

_encode = msgspec.json.Encoder().encode


def json_answer(status: int, value: object) -> Answer:
    """Return a value as a JSON answer."""
    return Answer(status, _encode(value))


def refused(refusal: Refusal, contract: Contract = DOCUMENTED) -> Answer:
    """Return the fault that a refusal is on the wire."""
    return fault_answer(FaultError(FAULTS[refusal]), contract)


def claim_of(wanted: QualificationRequest) -> Claim:
    """Return what a request says about the customer."""
    segment = SEGMENTS[wanted.education_segment] if wanted.education_segment else None
    return Claim(segment, wanted.website)


def listed(standings: Sequence[Standing], contract: Contract) -> Answer:
    """Return the answer to reading a customer's qualifications."""
    views = [standing_view(standing, contract) for standing in standings]
    return json_answer(200, shaped(views, contract.listed_shape, contract.listed_casing))


def standing_view(standing: Standing, contract: Contract = DOCUMENTED) -> QualificationView:
    """Return one qualification as it is read."""
    government = standing.programme is Programme.GOVERNMENT
    return _view(standing, contract.government_date if government else contract.listed_date, contract)


def _view(standing: Standing, dated: Dated, contract: Contract) -> QualificationView:
    """Return one qualification.

    An approved Education has no date and StateOwnedEntity no vetting at all:
    https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous (samples)
    """
    name = PROGRAMME_NAMES[standing.programme]
    if standing.stage is Stage.HELD:
        return QualificationView(name)
    if standing.stage is Stage.APPROVED and standing.programme is Programme.EDUCATION:
        return QualificationView(name, words.APPROVED)
    reason = REASON_TEXTS[standing.reason] if standing.reason else None
    date = date_text(standing.submitted_at, dated.form)
    dates = [date if said in dated.names else None for said in (CREATE_DATE, CREATED_DATE)]
    return QualificationView(name, STATUSES[standing.stage], contract.reasons.get(reason or "", reason), *dates)


def standing_of(case: Case) -> Standing:
    """Return the part of a case that its partner reads."""
    if case.submitted_at is None:
        raise ValueError("a case that was never submitted has no standing")
    return Standing(case.programme, case.stage, case.reason, case.submitted_at)


def created(outcome: Submitted | Refusal, contract: Contract) -> Answer:
    """Return the answer to a POST: what the submission itself did, also where more happened in the same step.

    Source: https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous
    """
    if isinstance(outcome, Refusal):
        return refused(outcome, contract)
    view = _view(standing_of(outcome.first.case), contract.created_date, contract)
    return json_answer(contract.created_status, shaped([view], contract.created_shape))


def updated(outcome: Submitted | Refusal, contract: Contract) -> Answer:
    """Return the answer to the synchronous PUT: the value, ``none`` while a person must look, or the old refusal.

    Source: https://learn.microsoft.com/partner-center/developer/update-customer-qualification-synchronous
    """
    if isinstance(outcome, Refusal):
        return refused(outcome, contract)
    case = outcome.last.case
    if case.stage is Stage.DENIED:
        return fault_answer(FaultError(faults.TAGGING_DENIED), contract)
    return json_answer(200, effective([standing_of(case)], contract))


def effective(standings: Sequence[Standing], contract: Contract) -> str:
    """Return the one value that the synchronous generation knows of a customer."""
    approved = [standing for standing in standings if standing.stage is Stage.APPROVED]
    return contract.words[PROGRAMME_NAMES[approved[0].programme] if approved else words.NONE]


def code_view(code: Code) -> ValidationCodeView:
    """Return a validation code as its partner sees it."""
    tag = etag_text(code.changed_at)
    return ValidationCodeView(code.partner, code.organization, code.code, code.max_creates, code.remaining, tag)


def related(codes: Sequence[Code], customer: str, contract: Contract) -> Answer:
    """Return the answer to asking by which codes a customer was qualified; of several, one object is the first."""
    views: list[object] = [relation_view(code, customer) for code in codes]
    return json_answer(200, views if contract.relation_shape is Shape.ARRAY else next(iter(views), {}))


def relation_view(code: Code, customer: str) -> CodeRelationView:
    """Return the code by which a customer was qualified."""
    return CodeRelationView(code.partner, customer, code.code, code.organization, etag_text(code.changed_at))
