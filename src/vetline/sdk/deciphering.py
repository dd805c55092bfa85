"""Turns an answer that is no success into the one error that says what happened, whatever shape its body has.

Bodies were seen as an object with `code` and `description`, the gateway's `{"statusCode", "message"}`, a bare JSON
string, HTML, plain text, and nothing at all; `code` as a text and as a number.
https://learn.microsoft.com/partner-center/developer/error-codes,
https://github.com/microsoft/Partner-Center-PowerShell/issues/258 (a string),
https://github.com/microsoft/Partner-Center-PowerShell/issues/308 (nothing)
"""

import re
from http import HTTPStatus

from vetline.sdk import errors, reading
from vetline.sdk.messages import RawAnswer, Unanswered, without_query
from vetline.sdk.retrying import asked_wait
from vetline.wire.reading import Members, folded

_MFA_CODES = frozenset({"900421"})
# https://learn.microsoft.com/partner-center/developer/error-codes: a description holds at most 1,024 characters
_LONGEST = 1024
# One that is never closed reaches to the end, and no tag holds another: so each character is looked at once.
_TAGS = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)|<[^<>]{0,500}>", re.DOTALL | re.IGNORECASE)

_BY_STATUS: dict[int, type[errors.PartnerCenterError]] = {
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    412: errors.ConflictError,
    429: errors.ThrottledError,
}


def error_of(answer: RawAnswer, now: float) -> errors.PartnerCenterError:
    """Return the error that an answer is.

    Parameters:
        answer: one whose status is not a success.
        now: the moment, in seconds since 1970; a date in `Retry-After` is counted from the answer's own `Date`, or else
            from here.
    """
    members = _members(answer)
    code = one_line(reading.text(members, "code", "errorCode"))
    kind = _kind(answer.status, code, members)
    return kind(
        _description(answer, members),
        category=category_of(answer.status),
        code=code,
        error_name=one_line(reading.text(members, "errorName")),
        request_id=one_line(answer.header("ms-requestid")),
        correlation_id=one_line(answer.header("ms-correlationid")),
        retry_after=asked_wait(answer, now),
        answer=answer,
    )


def unanswered(outcome: Unanswered, whom: str, why: str = "") -> errors.ConnectionFailedError:
    """Return the error for no answer.

    Parameters:
        outcome: what the connection said.
        whom: who was asked.
        why: a sentence to add.
    """
    kind = errors.TimedOutError if outcome.timed_out else errors.ConnectionFailedError
    category = "RequestTimeout" if outcome.timed_out else "NotSpecified"
    return kind(f"No answer from {whom}: {outcome.why.rstrip('.')}. {why}".rstrip(), category=category)


def unreadable(answer: RawAnswer, operation: str, why: str) -> errors.UnreadableAnswerError:
    """Return the error for a success whose answer says nothing that is understood.

    Parameters:
        answer: it.
        operation: the name of what was asked.
        why: what is wrong with it.
    """
    return errors.UnreadableAnswerError(
        f"The answer to {operation} is not understood ({one_line(why)}); `error.answer` holds it.",
        category="ResponseParsing",
        request_id=one_line(answer.header("ms-requestid")),
        correlation_id=one_line(answer.header("ms-correlationid")),
        answer=answer,
    )


def category_of(status: int) -> str:
    """Return the category of a status, in the .NET client's words."""
    return errors.CATEGORIES.get(
        status, "ServerError" if status >= 500 else "BadInput" if status >= 400 else "NotSpecified"
    )


def _kind(status: int, code: str, members: Members) -> type[errors.PartnerCenterError]:
    if status == 401 and (code in _MFA_CODES or "MFA required" in reading.text(members, "description", "message")):
        return errors.MfaRequiredError
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return errors.ServerError
    return errors.InvalidRequestError if status >= 400 else errors.UnreadableAnswerError


def _members(answer: RawAnswer) -> Members:
    try:
        value = reading.json_in(answer)
    except ValueError:
        return {"description": _plain(answer)}
    if isinstance(value, dict):
        members = folded(value)
        return folded(members["error"]) | members if isinstance(members.get("error"), dict) else members
    return {"description": value} if isinstance(value, str) else {}


def _plain(answer: RawAnswer) -> str:
    """Return the words of a body that is no JSON; of HTML, those that a reader would see."""
    text = answer.text[: 64 * _LONGEST]
    return _TAGS.sub(" ", text) if "<" in text else text


def _description(answer: RawAnswer, members: Members) -> str:
    if 300 <= answer.status < 400:
        return _redirected(answer)
    said = reading.text(members, "description", "message", "errorMessage", "errorMessageExtended")
    return one_line(said) or _phrase(answer.status)


def one_line(text: str) -> str:
    """Return a text as one printable line: it is shown on terminals and written to logs."""
    printable = "".join(one if one.isprintable() else " " for one in text[: 64 * _LONGEST])
    return " ".join(printable.split())[:_LONGEST]


def _redirected(answer: RawAnswer) -> str:
    """Say where it leads. No redirect is followed: the token would go along."""
    place = one_line(without_query(answer.header("location")))
    return f"the service redirects to {place or 'nowhere'}, which is not followed. Is base_url right?"


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase}, without a word from the service"
    except ValueError:
        return f"status {status}, without a word from the service"
