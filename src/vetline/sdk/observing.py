"""What may be watched while an operation runs, and the log that is always written. No secret is ever in an event."""

import logging
from collections.abc import Callable

import msgspec

from vetline.sdk.messages import RawAnswer, RawRequest

log = logging.getLogger("vetline.sdk")
# A library says nothing unless it is asked to: https://docs.python.org/3/howto/logging.html#library-config
log.addHandler(logging.NullHandler())


class Begun(msgspec.Struct, frozen=True):
    """An operation begins.

    Parameters:
        operation: its name, such as ``qualifications.create``.
        method, route: what it is in HTTP; the route has placeholders and names nobody.
        server: the host that is asked.
        request_id, correlation_id: the identifiers of all its attempts.
    """

    operation: str
    method: str
    route: str
    server: str
    request_id: str
    correlation_id: str


class Answered(msgspec.Struct, frozen=True):
    """An attempt ended.

    Parameters:
        operation, request_id: which.
        attempt: its number, from 1.
        status: the HTTP status; 0 when no answer came.
        seconds: how long it took.
        why: what the connection said when no answer came.
    """

    operation: str
    request_id: str
    attempt: int
    status: int
    seconds: float
    why: str = ""


class Paused(msgspec.Struct, frozen=True):
    """It waits before the next attempt, or before it looks again.

    Parameters:
        operation, request_id: which.
        seconds: how long.
        status: the status that made it wait; 0 when no answer came, 200 between two looks at a decision.
        told: whether the service asked for it, by `Retry-After`.
    """

    operation: str
    request_id: str
    seconds: float
    status: int
    told: bool = False


class Ended(msgspec.Struct, frozen=True):
    """An operation ended.

    Parameters:
        operation, request_id: which.
        seconds: how long it took, with all attempts and waits.
        attempts: how many there were.
        error: the kind of error, such as ``ThrottledError``; empty when it went well.
        status: the last HTTP status; 0 when no answer came.
    """

    operation: str
    request_id: str
    seconds: float
    attempts: int
    error: str
    status: int


Event = Begun | Answered | Paused | Ended
OnEvent = Callable[[Event], None]
OnAnswer = Callable[[RawRequest, RawAnswer], None]


def write_log(event: Event) -> None:
    """Write an event to the logger ``vetline.sdk``: one line for each attempt and wait (debug) and each end (info)."""
    match event:
        case Answered():
            log.debug(
                "%s attempt %d: %s in %.3f s", _named(event), event.attempt, event.status or event.why, event.seconds
            )
        case Paused():
            log.debug("%s waits %.1f s after %s", _named(event), event.seconds, event.status or "no answer")
        case Ended(error=""):
            log.info("%s: %d in %.3f s", _named(event), event.status, event.seconds)
        case Ended():
            log.warning(
                "%s: %s (%s) after %d attempts", _named(event), event.error, event.status or "-", event.attempts
            )
        case Begun():
            log.debug("%s begins at %s, correlation %s", _named(event), event.server, event.correlation_id)


def _named(event: Event) -> str:
    return f"{event.operation} [{event.request_id}]"
