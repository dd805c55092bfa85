"""What every control route does first: see that it is asked from here, and read what it is told."""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from vetline.api.translate import PROGRAMMES, REASONS
from vetline.vetting.words import Programme, Reason
from vetline.wire import faults, words
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.reading import Members, object_of, text_member

MAX_BODY = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def check_local(request: Request) -> None:
    """Return when this machine asks.

    Raises:
        FaultError: a web page from elsewhere asks, also one whose name was made to point here.
    """
    origin = request.headers.get("origin")
    names = {request.url.hostname, urlsplit(origin).hostname if origin else "localhost"}
    if not names <= _LOOPBACK:
        raise FaultError(faults.INSUFFICIENT_PRIVILEGES, "The control surface answers only this machine.")


async def body_of(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return the body of a control request.

    Raises:
        FaultError: the request comes from elsewhere, or has more bytes than `limit`.
    """
    check_local(request)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise FaultError(faults.TOO_LARGE, limit=str(limit))
    return bytes(body)


async def members_of(request: Request, limit: int = MAX_BODY) -> Members:
    """Return the members of a control request's JSON object, under their lower-case names.

    Raises:
        FaultError: the request comes from elsewhere, is too large, or is no JSON object.
    """
    return object_of(await body_of(request, limit))


def bad(sentence: str) -> FaultError:
    """Return the refusal of what was sent, with a sentence that says what to send."""
    return FaultError(faults.INVALID_INPUT, f"Invalid request input: {sentence}")


def guid_member(members: Members, name: str) -> str:
    """Return a GUID in lower case; empty when it is absent.

    Raises:
        FaultError: it is none.
    """
    text = text_member(members, name)
    found = guid_of(text) if text else ""
    if found is None:
        raise bad(f"{name} must be a GUID.")
    return found


def programme_member(members: Members) -> Programme | None:
    """Return the qualification that is named; `None` when none is.

    Raises:
        FaultError: there is no such qualification.
    """
    text = text_member(members, "qualification")
    found = PROGRAMMES.get(words.qualification_named(text) or "")
    if text and found is None:
        raise bad(f"qualification must be one of {', '.join(PROGRAMMES)}.")
    return found


def reason_member(members: Members) -> Reason | None:
    """Return the reason of a decision: `None` for an approval.

    Raises:
        FaultError: it is neither `Approved`, nor `Denied` with one of the seven reasons.
    """
    status = text_member(members, "vettingStatus").lower()
    if status == words.APPROVED.lower():
        return None
    reason = words.reason_named(text_member(members, "vettingReason"))
    if status != words.DENIED.lower() or reason is None:
        known = "; ".join(words.REASONS)
        raise bad(f"vettingStatus must be Approved, or Denied with a vettingReason: {known}.")
    return REASONS[reason]


def switch_member(members: Members, name: str) -> bool | None:
    """Return true or false; `None` when it is absent.

    Raises:
        FaultError: it is something else.
    """
    value: Any = members.get(name.lower())
    if value is not None and not isinstance(value, bool):
        raise bad(f"{name} must be true or false.")
    return value
