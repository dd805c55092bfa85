"""A call as the rules of the scorecard see it: plain values, taken out of an exchange once."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from vetline.sandbox.sight.journal.exchange import Ending, Exchange
from vetline.sandbox.sight.journal.operations import is_authoritys
from vetline.wire import words
from vetline.wire.paths import segments_of
from vetline.wire.reading import folded

# What may be over when it is asked again: https://learn.microsoft.com/partner-center/developer/error-codes
PASSING = frozenset({408, 429, 500, 502, 503, 504})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_GUID = re.compile(r"\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_LONGEST_WAIT = timedelta(days=1)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a client.

    Parameters:
        number: its exchange's.
        client: whose.
        asks: what two calls have in common that ask the same: method, path, query, body.
        begun, ended: in seconds of the machine.
        at, ended_at: in seconds of the sandbox's clock, which may jump.
        request_id, correlation_id: as they were sent; empty when they were not.
        status: of the answer; 0 when there was none.
        complete: whether the whole answer was sent.
        retry_after: the seconds that the answer asks to wait; `None` when it does not.
        token: what stands for its token; empty without one.
        expires: when the token ends, by the sandbox's clock.
        app_only, mfa: what the token says of its user.
        asks_for_mfa: whether it asks to be told if its token meets the rule of MFA.
        token_refused: whether the answer is that the token does not count.
        open_reviews: whether the answer shows a qualification that is not decided.
        probe: how the answer was changed.
        whole: whether its body was read to the end; an answer may come before.
    """

    number: int
    client: str = "a"
    asks: tuple[str, str, str, bytes] = ("GET", "/v1/customers", "", b"")
    begun: float = 0.0
    ended: float = 0.0
    at: float = 0.0
    ended_at: float = 0.0
    request_id: str = ""
    correlation_id: str = ""
    status: int = 200
    complete: bool = True
    retry_after: float | None = None
    token: str = ""
    expires: float | None = None
    app_only: bool = False
    mfa: bool = False
    asks_for_mfa: bool = False
    token_refused: bool = False
    open_reviews: bool = False
    probe: str = ""
    whole: bool = True

    @property
    def changes(self) -> bool:
        """Whether it changes something."""
        return self.asks[0] not in _READS

    @property
    def may_pass(self) -> bool:
        """Whether it failed in a way that may pass: no whole answer, or one that says so."""
        return not self.complete or self.status in PASSING

    @property
    def is_final(self) -> bool:
        """Whether it was answered for good: done, or refused for what it asks."""
        return not self.may_pass and self.status != 401


def waited(before: Call, after: Call) -> float:
    """Return how long a client waited between an answer and its next call, by the clock that ran further."""
    return max(after.begun - before.ended, after.at - before.ended_at)


def is_guid(text: str) -> bool:
    """Return whether an identifier is a GUID, as the documents ask."""
    return _GUID.fullmatch(text) is not None


def calls_in(exchanges: list[Exchange]) -> list[Call]:
    """Return the calls of the JSON interface that have ended, in the order in which they came."""
    found = [_call(one) for one in exchanges if one.ending is not Ending.OPEN and not is_authoritys(one.path)]
    return _completed(found)


def _completed(calls: list[Call]) -> list[Call]:
    """Return calls of which each has a body: one that nobody read is that of the same request, or of the next there."""
    whole = [one for one in calls if one.whole]
    by_id = {(one.client, one.asks[:3], one.request_id): one.asks for one in whole if one.request_id}
    following: dict[object, Call] = {}
    found = []
    for call in reversed(calls):
        place = (call.client, call.asks[:3])
        if call.whole:
            following[place] = call
        else:
            after = following.get(place)
            asks = by_id.get((*place, call.request_id)) or (after.asks if after else call.asks)
            call = msgspec.structs.replace(call, asks=asks)
        found.append(call)
    return found[::-1]


def _call(exchange: Exchange) -> Call:
    ended_at = exchange.ended_at or exchange.at
    return Call(
        number=exchange.number,
        client=exchange.client,
        asks=(exchange.method, "/".join(segments_of(exchange.path)), exchange.query, exchange.body),
        begun=exchange.begun,
        ended=exchange.ended,
        at=exchange.at.timestamp(),
        ended_at=ended_at.timestamp(),
        request_id=exchange.header("ms-requestid"),
        correlation_id=exchange.header("ms-correlationid"),
        status=exchange.status,
        complete=exchange.ending is Ending.COMPLETE,
        retry_after=_retry_after(exchange, ended_at),
        token=exchange.caller.token,
        expires=exchange.caller.expires,
        app_only=exchange.caller.app_only,
        mfa=exchange.caller.mfa,
        asks_for_mfa=exchange.header("validatemfa").lower() == "true",
        token_refused=_token_refused(exchange),
        open_reviews=shows_open_review(exchange),
        probe=exchange.probe,
        whole=exchange.body_size >= _declared(exchange),
    )


def _declared(exchange: Exchange) -> int:
    length = exchange.header("content-length")
    return int(length[:12]) if length.isascii() and length.isdigit() else 0


def _retry_after(exchange: Exchange, ended_at: datetime) -> float | None:
    """Return the seconds that are asked for, in either form: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3"""
    text = exchange.answer_header("retry-after").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        machine = exchange.machine_at + timedelta(seconds=exchange.ended - exchange.begun)
        found = [moment - one for one in (machine, ended_at)]
    except (ValueError, TypeError):
        return None
    # Dates are whole seconds, and may be of either clock.
    return next((one.total_seconds() - 1 for one in found if timedelta(0) < one <= _LONGEST_WAIT), None)


def _token_refused(exchange: Exchange) -> bool:
    """Return whether another token may help: MFA that is missing, and a wrong audience, are no question of time."""
    if exchange.status != 401 or not exchange.caller.token:
        return False
    return not any(word in exchange.answer_body for word in (b"MFA", b"900421", b"900420"))


def is_look(exchange: Exchange) -> bool:
    """Return whether somebody looks at a customer's qualifications."""
    return exchange.method == "GET" and segments_of(exchange.path)[-1:] == ["qualifications"]


def shows_open_review(exchange: Exchange) -> bool:
    """Return whether an answer shows somebody who looks a qualification that is not decided."""
    if not is_look(exchange) or exchange.status != 200:
        return False
    try:
        found = msgspec.json.decode(exchange.answer_body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return any(is_open(one) for one in elements(found))


def elements(found: Any) -> Iterator[dict[str, Any]]:
    """Yield the qualifications in an answer, whichever documented form it has: a list, one, or a list within."""
    if isinstance(found, dict):
        inner = folded(found).get("qualifications")
        found = inner if isinstance(inner, list) else [found]
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, dict))


def is_open(element: dict[str, Any]) -> bool:
    """Return whether a qualification has a status, and it is no decision."""
    status = folded(element).get("vettingstatus")
    return isinstance(status, str) and status.lower() not in (words.APPROVED.lower(), words.DENIED.lower())
