"""The ASGI application: every request in, exactly one answer out, each with the wire's headers and fault shape.

The JSON interface is plain ASGI, because a request and a response object for each call would cost more than the call.
Everything else (health, documentation, a sandbox's own routes) is handed to a Starlette application behind it.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from logging import INFO
from time import perf_counter
from typing import Any

from vetline.api.bearer import Bearer, check_rights, mfa_report
from vetline.api.call import Answer, Call, Trace
from vetline.api.faulting import fault_answer
from vetline.api.idempotency import once
from vetline.api.limiter import Limiter
from vetline.api.metrics import Metrics
from vetline.api.reading import ClientGoneError, Intake, Receive, body_of, check_accept, discard
from vetline.api.router import Router
from vetline.clock import Clock
from vetline.logs import get_logger
from vetline.store.port import ForeignCustomerError, Store, UnavailableError, UnknownCustomerError
from vetline.wire import faults, headers
from vetline.wire.contract import Contract, Mfa
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.fault_bodies import throttled_body
from vetline.wire.faults import FaultError
from vetline.wire.paths import segments_of

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

RETRY_AFTER_SECONDS = 5

_BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_OURS = "vetline"
_INTERFACE = frozenset({"v1", "webhooks", "auditactivity", _OURS})

log = get_logger("vetline.api")


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
        contract: which documents' interface partners meet; what is ours speaks one language.
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
        contract: Contract = DOCUMENTED,
    ) -> None:
        self._router = router
        self._bearer = bearer
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._limiter = limiter
        self._beside = beside
        self._contract = contract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._beside(scope, receive, send)
            return
        given: dict[bytes, bytes] = dict(scope["headers"])
        if headers.PREFER in given:
            given[headers.PREFER] = _preferences(scope)
        trace = Trace(given)
        segments = segments_of(scope["path"])
        if segments and segments[0] in _INTERFACE:
            method, intake = scope["method"], Intake(receive, given)
            call = Call("GET" if method == "HEAD" else method, segments, scope["query_string"], given, trace, intake)
            if segments[0] != _OURS:
                call.contract = self._contract
            await self._interface(call, send, head=method == "HEAD")
        else:
            await self._beside(scope, receive, _traced(send, trace))

    async def _interface(self, call: Call, send: Send, *, head: bool) -> None:
        begun = perf_counter()
        try:
            answer = await self._answer(call)
        except ClientGoneError:
            return
        except Exception as error:  # every failure is answered; what it was is for the log alone
            answer = _answer_to(error, call)
        if headers.VALIDATE_MFA in call.headers and (caller := call.known_caller):
            answer = Answer(answer.status, answer.body, answer.headers + mfa_report(call.headers, caller))
        await _send(send, answer, call, head=head)
        seconds = perf_counter() - begun
        self._metrics.answered(call.method, call.route_path, answer.status, seconds - call.held)
        if (answer.status >= 400 or call.method != "GET") and log.is_enabled_for(INFO):
            _log_answer(call, answer, seconds)

    async def _answer(self, call: Call) -> Answer:
        route, call.parameters = self._router.find(call.method, call.segments)
        call.route_path = route.path
        call.now = now = self._clock.now()
        mfa_needed = call.contract.mfa is not Mfa.UNKNOWN
        call.caller = caller = await self._bearer.caller(call.headers, now, mfa_needed=mfa_needed)
        if wait := self._limiter.wait_for(caller.tenant, now.timestamp()):
            return _throttled(wait)
        check_rights(route.needs, caller)
        check_accept(call.headers.get(b"accept"))
        if call.method not in _BODILESS:
            call.body = await body_of(call.intake, call.headers)
        return await (once(call, route.handler, self._store) if route.retryable else route.handler(call))


def _preferences(scope: Scope) -> bytes:
    """Return all that a client prefers as one header, as several of them mean; a HEAD has no body to wait for.

    Source: https://www.rfc-editor.org/rfc/rfc7240#section-2
    """
    if scope["method"] == "HEAD":
        return b""
    return b",".join(value for name, value in scope["headers"] if name == headers.PREFER)


def _answer_to(error: Exception, call: Call) -> Answer:
    """Return the fault that an exception is on the wire."""
    fault = _fault_of(error, call)
    if fault is None:
        correlation = call.trace.correlation_id.decode()
        log.exception("unexpected failure", correlation_id=correlation, exc_info=error)
        fault = FaultError(faults.UNEXPECTED)
    return fault_answer(fault, call.contract)


def _fault_of(error: Exception, call: Call) -> FaultError | None:
    match error:
        case FaultError():
            return error
        case UnknownCustomerError():
            return FaultError(faults.CUSTOMER_NOT_FOUND)
        case ForeignCustomerError():
            partner, said = call.caller.tenant, call.contract.no_relationship or None
            return FaultError(faults.NO_RELATIONSHIP, said, partner=partner, customer=str(error))
        case UnavailableError():
            log.error("unavailable", reason=str(error), correlation_id=call.trace.correlation_id.decode())
            return FaultError(faults.UNAVAILABLE, headers=((b"retry-after", b"%d" % RETRY_AFTER_SECONDS),))
        case _:
            return None


def _throttled(seconds: int) -> Answer:
    return Answer(429, throttled_body(seconds), ((b"retry-after", b"%d" % seconds),))


async def _send(send: Send, answer: Answer, call: Call, *, head: bool) -> None:
    """Send an answer; where the rest of the request is still to come, it is taken in after the answer is out."""
    found, rest = call.trace.headers(locale_twice=call.contract.locale_twice), call.intake
    if answer.status != 204:
        if not any(name == b"content-type" for name, _ in answer.headers):
            found.append((b"content-type", call.contract.content_type))
        found.append((b"content-length", b"%d" % len(answer.body)))
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


def _log_answer(call: Call, answer: Answer, seconds: float) -> None:
    """One line for each change and each refusal; reads that went well are counted, not logged."""
    caller = call.known_caller
    log.info(
        "answered",
        method=call.method,
        route=call.route_path,
        status=answer.status,
        ms=round(seconds * 1000, 2),
        request_id=call.trace.request_id.decode(),
        correlation_id=call.trace.correlation_id.decode(),
        partner=caller.tenant if caller else None,
    )
