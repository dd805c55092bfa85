"""How each kind of fault is done to a request: around the service, which knows nothing of it."""

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

from vetline.api.app import Asgi, Scope, Send
from vetline.api.call import Answer, Trace
from vetline.api.reading import Intake, Receive, discard
from vetline.sandbox.faults.connection import hang_up
from vetline.sandbox.faults.operations import Asked

Message = MutableMapping[str, Any]


class Request:
    """A request that may be struck.

    Parameters:
        asked: what it asks for.
        scope, receive, send: the server's.

    Attributes:
        headers: its headers, names in lower case.
        intake: what is still to come of it.
    """

    def __init__(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked = asked
        self.scope = scope
        self.receive = receive
        self.send = send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.intake = Intake(receive, self.headers)


async def answer(answer: Answer, request: Request) -> None:
    """Answer in the service's place, with the headers that all its answers have; what is still to come is taken in."""
    found = [*Trace(request.headers).headers(), *answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await request.send({"type": "http.response.start", "status": answer.status, "headers": found})
    body, intake = b"" if request.scope["method"] == "HEAD" else answer.body, request.intake
    await request.send({"type": "http.response.body", "body": body, "more_body": not intake.ended})
    if not intake.ended:
        await discard(intake)
        await request.send({"type": "http.response.body", "body": b""})


async def slow(app: Asgi, request: Request, seconds: float, over: asyncio.Event) -> None:
    """Carry the request out at once, and let the first byte of the answer wait.

    Parameters:
        over: set when nobody is to wait any more.
    """

    async def late(message: Message) -> None:
        if message["type"] == "http.response.start":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), seconds)
        await request.send(message)

    await app(request.scope, request.receive, late)


async def lose(app: Asgi, request: Request) -> None:
    """Carry the request out, and end the connection without a byte."""
    await _carried_out(app, request)
    hang_up(request.scope)


async def halve(app: Asgi, request: Request) -> None:
    """Carry the request out, and end the connection in the middle of the answer's body.

    The server ends the connection of an answer that is not whole. What has no body has no middle: it is lost whole.
    """
    start, body = await _carried_out(app, request)
    if start is None or not body:
        hang_up(request.scope)
        return
    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    await request.send({**start, "headers": [*kept, (b"content-length", b"%d" % len(body))]})
    await request.send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def _carried_out(app: Asgi, request: Request) -> tuple[Message | None, bytes]:
    """Return what the service answers: how the answer begins, and its body."""
    start: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
        else:
            body.extend(message.get("body", b""))

    await app(request.scope, request.receive, keep)
    return (start[0] if start else None), bytes(body)
