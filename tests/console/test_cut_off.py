"""A failure in the middle of an answer: whoever reads it must not take half a file for a whole one."""

from collections.abc import AsyncIterator, Mapping, MutableMapping
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse

from vetline.clock import SystemClock
from vetline.console.app import ROOT, Console
from vetline.console.rendering import Renderer
from vetline.console.session import Session
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.store.port import UnavailableError


class Nobody:
    """Nobody is signed in."""

    async def find(self, cookies: Mapping[str, str]) -> Session | None:
        return None


async def halves(visit: Visit) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one row\n"
        raise UnavailableError("gone")

    return StreamingResponse(parts(), media_type="text/csv")


async def test_half_an_answer_is_not_followed_by_a_page() -> None:
    console = Console([PageRoute("/rows", halves, Needs.ANYONE)], Nobody(), Renderer(ROOT, {}), SystemClock())
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.4"},
        "method": "GET",
        "path": "/rows",
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    with pytest.raises((UnavailableError, ExceptionGroup)):
        await console(scope, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[-1]["more_body"] is True
