"""The pages as one application under /console: who comes is known, forms are checked, failures are pages too."""

import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from vetline.clock import Clock
from vetline.console.failing import NotForYouError, failure_page
from vetline.console.forms import TooLargeError, check_texts, read_form
from vetline.console.headers import protect
from vetline.console.rendering import STATIC, Renderer
from vetline.console.session import Session
from vetline.console.texts import texts_for
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.store.port import StoreError

ROOT = "/console"


class Sessions(Protocol):
    """Knows who comes."""

    async def find(self, cookies: Mapping[str, str]) -> Session | None:
        """Return the session that a request's cookies prove, `None` when nobody is signed in."""
        ...


class Console:
    """The pages.

    Parameters:
        pages: what there is.
        sessions: knows who comes.
        renderer: makes pages.
        clock: the time.
    """

    def __init__(self, pages: Iterable[PageRoute], sessions: Sessions, renderer: Renderer, clock: Clock) -> None:
        self.pages = tuple(pages)
        self._sessions = sessions
        self._renderer = renderer
        self._clock = clock
        # A slash too many is no page: to lead away from it is to name scheme and host, which only a proxy may know.
        self._router = Router([*map(self._route, self.pages), *_files()], redirect_slashes=False, default=_nothing_here)

    def routes(self) -> list[BaseRoute]:
        """Return what stands beside the JSON interface."""
        return [Route(ROOT, _to_the_beginning, methods=["GET", "POST"]), Mount(ROOT, app=self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request under /console, failures included; one in the middle of an answer cuts it off."""
        request, begun = Request(scope, receive), False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._router(scope, receive, _protected(noted))
        except Exception as error:
            if begun:
                raise
            answer = await self._without_a_page(error, request)
            await answer(scope, receive, _protected(send))

    def _route(self, page: PageRoute) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._answer(page, request)

        return Route(page.path, endpoint, methods=[page.method])

    async def _without_a_page(self, error: Exception, request: Request) -> Response:
        """Say that there is nothing, or not in this way, with the way to what there is for whoever is signed in."""
        visit = self._visit(request)
        with contextlib.suppress(StoreError):  # a stranger is told the same
            visit.session = await self._sessions.find(request.cookies)
        return failure_page(error, visit, self._renderer)

    def _visit(self, request: Request) -> Visit:
        return Visit(request, texts_for(request.headers.get("accept-language", "")), self._clock.now())

    async def _answer(self, page: PageRoute, request: Request) -> Response:
        visit = self._visit(request)
        try:
            check_texts([*request.query_params.values(), *map(str, request.path_params.values())])
            visit.session = await self._sessions.find(request.cookies)
            return await self._served(page, visit)
        except Exception as error:
            return failure_page(error, visit, self._renderer)

    async def _served(self, page: PageRoute, visit: Visit) -> Response:
        if page.needs is not Needs.ANYONE:
            if visit.session is None:
                return to_sign_in(visit)
            if not page.needs.met_by(visit.person):
                raise NotForYouError
        if page.method == "GET":
            return await page.handler(visit)
        try:
            form = await read_form(visit, page.largest)
        except TooLargeError:
            if page.too_large is None:
                raise
            return await page.too_large(visit)
        try:
            return await page.handler(visit)
        finally:
            await form.close()


def to_sign_in(visit: Visit) -> Response:
    """Return the way to the sign-in, and from there back; a form that was sent is not sent again."""
    url = visit.request.url
    wanted = url.path + (f"?{url.query}" if url.query else "") if visit.request.method == "GET" else f"{ROOT}/"
    address = f"{ROOT}/sign-in?next={quote(wanted, safe='')}"
    if visit.partial:  # a script would put the sign-in page into a corner of this one
        return Response(status_code=401, headers={"hx-redirect": f"{ROOT}/sign-in"})
    return RedirectResponse(address, 303)


def _files() -> list[BaseRoute]:
    return [
        Mount("/static", app=_Kept(directory=STATIC)),
        Route("/offline-worker.js", _offline_worker),
    ]


class _Kept(StaticFiles):
    """Files that may be kept for ever: the digest in their address changes with them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


async def _offline_worker(request: Request) -> Response:
    """It stands beside the pages, not among the files, because it may only serve what lies below it."""
    return FileResponse(STATIC / "offline-worker.js", media_type="text/javascript")


async def _to_the_beginning(request: Request) -> Response:
    response = RedirectResponse(f"{ROOT}/", 307)
    protect(response.headers)
    return response


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404)


def _protected(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            protect(headers)
        await send(message)

    return sent
