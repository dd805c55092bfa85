"""The answers of faults that are answers: in the service's own words, and at the token endpoints in the authority's."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import msgspec

from vetline.api.bearer import EXPIRED_SENTENCE, INVALID_TOKEN
from vetline.api.call import Answer, Header
from vetline.sandbox.authority import aadsts
from vetline.sandbox.authority.aadsts import Aadsts, Refused, error_body
from vetline.sandbox.faults.kinds import Form, Kind
from vetline.sandbox.faults.operations import TOKEN
from vetline.sandbox.faults.plan import Planned
from vetline.wire import faults, headers
from vetline.wire.contract import Contract
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.fault_bodies import Throttled, fault_body, throttled_body
from vetline.wire.faults import Fault, FaultError

_FAULTS: dict[Kind, tuple[Fault, str | None, tuple[Header, ...]]] = {
    Kind.UNEXPECTED: (faults.UNEXPECTED, None, ()),
    Kind.UNAVAILABLE: (faults.UNAVAILABLE, None, ()),
    Kind.EXPIRED: (faults.TOKEN_REJECTED, EXPIRED_SENTENCE, INVALID_TOKEN),
    Kind.REVOKED: (faults.TOKEN_REJECTED, None, INVALID_TOKEN),
    Kind.MFA: (faults.MFA_REQUIRED, None, INVALID_TOKEN),
}
_REFUSALS: dict[Kind, Aadsts] = {
    Kind.UNEXPECTED: aadsts.SIGN_IN_BROKEN,
    Kind.UNAVAILABLE: aadsts.DIRECTORY_UNAVAILABLE,
    Kind.EXPIRED: aadsts.EXPIRED_REFRESH,
    Kind.REVOKED: aadsts.REVOKED,
    Kind.MFA: aadsts.MFA_REQUIRED,
}
_JSON: Header = (b"content-type", headers.JSON)
_PLAIN: Header = (b"content-type", b"text/plain")
ANSWERED = frozenset({Kind.THROTTLED, *_FAULTS})


def answer_of(
    planned: Planned, operation: str, given: dict[bytes, bytes], now: datetime, contract: Contract = DOCUMENTED
) -> Answer:
    """Return the whole answer of a fault that is one.

    Parameters:
        operation: the operation that it strikes, by its name.
        given: the request's headers, lower-case.
        now: the machine's moment, by which clients go.
        contract: the service's.
    """
    if operation == TOKEN:
        return _authority_answer(planned, given, now)
    return _service_answer(planned, given, now, contract)


def _service_answer(planned: Planned, given: dict[bytes, bytes], now: datetime, contract: Contract) -> Answer:
    wait = _retry_after(planned, now)
    if planned.kind is Kind.THROTTLED:
        return Answer(429, _throttled(planned), (_JSON, *wait))
    fault, text, more = _FAULTS[planned.kind]
    if planned.kind is Kind.MFA and given.get(headers.VALIDATE_MFA, b"").lower() == b"true":
        more = (*more, (headers.IS_MFA_COMPLIANT, b"false"))
    body, media_type = fault_body(FaultError(fault, text), contract)
    return Answer(fault.status, body, ((b"content-type", media_type), *more, *wait))


def _authority_answer(planned: Planned, given: dict[bytes, bytes], now: datetime) -> Answer:
    wait = (*_retry_after(planned, now), (b"cache-control", b"no-store"))
    if planned.kind is Kind.THROTTLED:
        # Plain words, as https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/2855 shows them
        return Answer(429, b"Too Many Requests", (_PLAIN, *wait))
    refused = Refused(_REFUSALS[planned.kind])
    body = error_body(refused, now, given.get(b"client-request-id", b"").decode("latin-1"))
    return Answer(refused.kind.status, msgspec.json.encode(body), (_JSON, *wait))


def _throttled(planned: Planned) -> bytes:
    if planned.retry_after_form is Form.NONE:
        return msgspec.json.encode(Throttled(429, "Rate limit is exceeded."))
    return throttled_body(planned.retry_after_seconds)


def _retry_after(planned: Planned, now: datetime) -> tuple[Header, ...]:
    if planned.kind not in (Kind.THROTTLED, Kind.UNAVAILABLE) or planned.retry_after_form is Form.NONE:
        return ()
    told = str(planned.retry_after_seconds)
    if planned.retry_after_form is Form.DATE:
        told = format_datetime(now + timedelta(seconds=planned.retry_after_seconds), usegmt=True)
    return ((b"retry-after", told.encode("ascii")),)
