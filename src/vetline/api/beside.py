"""What stands beside the JSON interface: health, metrics, the interface's description and its documentation."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ExceptionHandler, Receive, Scope, Send

from vetline.api.described import Described
from vetline.api.metrics import ALONE, Counted, Metrics, Waiting
from vetline.api.shared_route import SharedRoute
from vetline.store.port import Store, StoreError
from vetline.wire import faults
from vetline.wire.fault_bodies import fault_body
from vetline.wire.faults import Fault, FaultError

_FAULTS: dict[int, Fault] = {
    400: faults.INVALID_INPUT,
    404: faults.NOT_FOUND,
    405: faults.METHOD_NOT_ALLOWED,
    406: faults.NOT_ACCEPTABLE,
    413: faults.TOO_LARGE,
    415: faults.UNSUPPORTED_MEDIA,
}


# Counts by process, of all that share the address.
Everybody = Callable[[], Awaitable[Mapping[str, Counted]]]


class Health:
    """Whether the service lives, and whether it should be sent requests.

    Parameters:
        store: asked whether it can be read and written.
        metrics: shown on /metrics.
    """

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self.stopping = False  # set when the end begins
        self.asked = False  # whether anybody has asked if the process lives
        self.everybody: Everybody | None = None

    def counted(self) -> Counted:
        """Return what this process has counted so far."""
        return self._metrics.counted(len(self._store.bells))

    async def alive(self, request: Request) -> Response:
        """Answer as long as the process runs."""
        self.asked = True
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Answer 200 only while the store can be written and the service is not stopping."""
        if self.stopping:
            return JSONResponse({"status": "stopping"}, 503)
        try:
            await self._store.ping()
        except StoreError as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, 503)
        return JSONResponse({"status": "ready"})

    async def metrics(self, request: Request) -> Response:
        """Answer with everything that is counted, in Prometheus' text format."""
        from vetline.api.exposition import exposition  # a sandbox that nobody measures starts sooner without

        counted = await self.everybody() if self.everybody else {ALONE: self.counted()}
        text = exposition(counted, await self._waiting())
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def _waiting(self) -> Waiting | None:
        try:
            return Waiting(*await self._store.waiting(), await self._store.webhooks.waiting())
        except StoreError:  # what was counted is still worth showing
            return None


class Beside:
    """An application of routes, which are let go of with it.

    Parameters:
        routes: what it answers.
    """

    def __init__(self, routes: list[BaseRoute]) -> None:
        handlers: dict[int | type[Exception], ExceptionHandler] = {HTTPException: _answer_to, FaultError: _answer_to}
        self._app = Starlette(routes=routes, exception_handlers=handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app(scope, receive, send)

    def __del__(self) -> None:
        """Starlette's router knows itself: all that its routes know would wait for the collector with it."""
        self._app.routes.clear()


def beside(health: Health, described: Described, more: Sequence[BaseRoute] = ()) -> Beside:
    """Return the application for everything outside the JSON interface.

    Parameters:
        health: liveness, readiness, metrics.
        described: the interface's description and documentation.
        more: a sandbox's own routes.
    """

    async def description(request: Request) -> Response:
        return Response(described.openapi, media_type="application/json")

    async def documentation(request: Request) -> Response:
        return HTMLResponse(described.documentation)

    routes: list[BaseRoute] = [
        SharedRoute("/healthz", health.alive),
        SharedRoute("/readyz", health.ready),
        SharedRoute("/metrics", health.metrics),
        SharedRoute("/openapi.json", description),
        SharedRoute("/docs", documentation),
        *more,
    ]
    return Beside(routes)


async def _answer_to(request: Request, error: Exception) -> Response:
    """Return the fault that an exception of the framework, or of a sandbox route, is on the wire."""
    if isinstance(error, FaultError):
        found, more = error, dict(_decoded(error))
    else:
        status = error.status_code if isinstance(error, HTTPException) else 500
        found = FaultError(_FAULTS.get(status, faults.UNEXPECTED), limit="")
        more = dict(getattr(error, "headers", None) or {})
    body, media_type = fault_body(found)
    return Response(body, found.fault.status, more, media_type.decode())


def _decoded(error: FaultError) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in error.headers]
