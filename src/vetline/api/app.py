"""The ASGI application: every request in, exactly one answer out, each with the wire's headers and fault shape.

The JSON interface is plain ASGI, because a request and a response object for each call would cost more than the call.
Everything else (health, documentation, a sandbox's own routes) is handed to a Starlette application behind it.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

import structlog

from vetline.api.bearer import Bearer, check_rights, mfa_report
from vetline.api.call import Answer, Call, Header, Trace
from vetline.api.idempotency import once
from vetline.api.limiter import Limiter
from vetline.api.metrics import Metrics
from vetline.api.reading import ClientGoneError, Intake, Receive, body_of, check_accept, discard
from vetline.api.router import Route, Router
from vetline.clock import Clock
from vetline.identity.caller import Caller
from vetline.store.port import ForeignCustomerError, Store, UnavailableError, UnknownCustomerError
from vetline.wire import faults, headers
from vetline.wire.faults import FaultError, throttled_body
from vetline.wire.paths import segments_of

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

RETRY_AFTER_SECONDS = 5

_JSON: Header = (b"content-type", headers.JSON)
_BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_INTERFACE = frozenset({"v1", "vetline"})

log = structlog.get_logger("vetline.api")


class Api:
    """The whole HTTP surface.

    Parameters:
        router: the JSON interface's operations.
        bearer: tells who calls.
        store: where remembered answers are.
        clock: the time.
        metrics: what is counted.
        limiter: what one partner may ask for in a minute.
        beside: answers every path outside the JSON interface.
    """

    def __init__(
        self,
        router: Router,
        bearer: Bearer,
        store: Store,
        clock: Clock,
        metrics: Metrics,
        limiter: Limiter,
        beside: Asgi,
    ) -> None:
        self._router = router
        self._bearer = bearer
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._limiter = limiter
        self._beside = beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._beside(scope, receive, send)
            return
        given: dict[bytes, bytes] = dict(scope["headers"])
        trace = Trace(given)
        segments = segments_of(scope["path"])
        if segments and segments[0] in _INTERFACE:
            await self._interface(scope, receive, send, given, trace, segments)
        else:
            await self._beside(scope, receive, _traced(send, trace))

    async def _interface(
        self, scope: Scope, receive: Receive, send: Send, given: dict[bytes, bytes], trace: Trace, segments: list[str]
    ) -> None:
        begun = perf_counter()
        exchange = _Exchange(scope, receive, given, trace, segments)
        try:
            answer = await self._answer(exchange)
        except ClientGoneError:
            return
        except Exception as error:  # every failure is answered; what it was is for the log alone
            answer = _answer_to(error, exchange)
        if exchange.caller and headers.VALIDATE_MFA in given:
            answer = Answer(answer.status, answer.body, answer.headers + mfa_report(given, exchange.caller))
        await _send(send, answer, trace, head=scope["method"] == "HEAD", rest=exchange.intake)
        seconds = perf_counter() - begun
        path = exchange.route.path if exchange.route else "unknown"
        self._metrics.answered(exchange.method, path, answer.status, seconds)
        if answer.status >= 400 or exchange.method != "GET":
            _log_answer(exchange, answer, seconds)

    async def _answer(self, exchange: "_Exchange") -> Answer:
        route, parameters = self._router.find(exchange.method, exchange.segments)
        exchange.route = route
        now = self._clock.now()
        caller = exchange.caller = await self._bearer.caller(exchange.given, now)
        if wait := self._limiter.wait_for(caller.tenant, now.timestamp()):
            return _throttled(wait)
        check_rights(route.needs, caller)
        check_accept(exchange.given.get(b"accept"))
        body = b"" if exchange.method in _BODILESS else await body_of(exchange.intake, exchange.given)
        call = Call(
            exchange.method,
            exchange.segments,
            parameters,
            exchange.scope["query_string"],
            exchange.given,
            body,
            caller,
            now,
            exchange.trace,
        )
        return await (once(call, route.handler, self._store) if route.retryable else route.handler(call))


class _Exchange:
    """What is known of a request while it is answered; for the log when it fails half-way."""

    __slots__ = ("caller", "given", "intake", "method", "route", "scope", "segments", "trace")

    def __init__(
        self, scope: Scope, receive: Receive, given: dict[bytes, bytes], trace: Trace, segments: list[str]
    ) -> None:
        method: str = scope["method"]
        self.scope = scope
        self.intake = Intake(receive, given)
        self.given = given
        self.trace = trace
        self.segments = segments
        self.method = "GET" if method == "HEAD" else method
        self.route: Route | None = None
        self.caller: Caller | None = None


def _answer_to(error: Exception, exchange: _Exchange) -> Answer:
    """Return the fault that an exception is on the wire."""
    fault = _fault_of(error, exchange)
    if fault is None:
        correlation = exchange.trace.correlation_id.decode()
        log.exception("unexpected failure", correlation_id=correlation, exc_info=error)
        fault = FaultError(faults.UNEXPECTED)
    return Answer(fault.fault.status, fault.body(), fault.headers)


def _fault_of(error: Exception, exchange: _Exchange) -> FaultError | None:
    match error:
        case FaultError():
            return error
        case UnknownCustomerError():
            return FaultError(faults.CUSTOMER_NOT_FOUND)
        case ForeignCustomerError():
            partner = exchange.caller.tenant if exchange.caller else ""
            return FaultError(faults.NO_RELATIONSHIP, partner=partner, customer=str(error))
        case UnavailableError():
            log.error("unavailable", reason=str(error), correlation_id=exchange.trace.correlation_id.decode())
            return FaultError(faults.UNAVAILABLE, headers=((b"retry-after", b"%d" % RETRY_AFTER_SECONDS),))
        case _:
            return None


def _throttled(seconds: int) -> Answer:
    return Answer(429, throttled_body(seconds), ((b"retry-after", b"%d" % seconds),))


async def _send(send: Send, answer: Answer, trace: Trace, *, head: bool, rest: Intake) -> None:
    """Send an answer; where the rest of the request is still to come, it is taken in after the answer is out."""
    found = trace.headers()
    if answer.status != 204:
        found += [_JSON, (b"content-length", b"%d" % len(answer.body))]
    found += answer.headers
    await send({"type": "http.response.start", "status": answer.status, "headers": found})
    body = b"" if head else answer.body
    if not rest.ended:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await discard(rest)
        body = b""
    await send({"type": "http.response.body", "body": body})


def _traced(send: Send, trace: Trace) -> Send:
    """Return a `send` that adds the identifiers to whatever another application answers."""

    async def traced(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *trace.headers()]}
        await send(message)

    return traced


def _log_answer(exchange: _Exchange, answer: Answer, seconds: float) -> None:
    """One line for each change and each refusal; reads that went well are counted, not logged."""
    trace, caller = exchange.trace, exchange.caller
    log.info(
        "answered",
        method=exchange.method,
        route=exchange.route.path if exchange.route else "unknown",
        status=answer.status,
        ms=round(seconds * 1000, 2),
        request_id=trace.request_id.decode(),
        correlation_id=trace.correlation_id.decode(),
        partner=caller.tenant if caller else None,
    )
