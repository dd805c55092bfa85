"""The pages, made when somebody asks for the first of them: no test suite waits for what it does not look at."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Self

from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

_ROOT = "/console"


class LatePages(BaseRoute):
    """Everything under /console, as a route.

    Parameters:
        make: makes the pages, and closes what they opened.
    """

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[list[BaseRoute]]]) -> None:
        self._make = make
        self._made: Router | None = None
        self._making = asyncio.Lock()
        self._open = AsyncExitStack()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for a page."""
        path = scope["path"]
        ours = scope["type"] == "http" and (path == _ROOT or path.startswith(f"{_ROOT}/"))
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, having made the pages."""
        async with self._making:
            if self._made is None:
                self._made = Router(await self._open.enter_async_context(self._make()))
        await self._made(scope, receive, send)

    async def __aenter__(self) -> Self:
        """Return the route."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close what the pages opened."""
        await self._open.aclose()
