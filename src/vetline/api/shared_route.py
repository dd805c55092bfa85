"""Routes of which a process has many alike, one for each world of a sandbox: their path is taken apart once."""

from collections.abc import Awaitable, Callable, Sequence
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class SharedRoute(BaseRoute):
    """A route as Starlette's own; only its endpoint is not that of others with the same path and methods.

    Parameters:
        path: see `starlette.routing.Route`.
        endpoint: answers it.
        methods: upper-case.
    """

    def __init__(self, path: str, endpoint: Endpoint, methods: Sequence[str] = ("GET",)) -> None:
        self._route = _route(path, tuple(methods))
        self._endpoint = endpoint

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is meant, and its parameters."""
        return self._route.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["endpoint"] = self._endpoint
        await self._route.handle(scope, receive, send)


@cache
def _route(path: str, methods: tuple[str, ...]) -> Route:
    return Route(path, _answer, methods=methods)


async def _answer(request: Request) -> Response:
    endpoint: Endpoint = request.scope["endpoint"]
    return await endpoint(request)
