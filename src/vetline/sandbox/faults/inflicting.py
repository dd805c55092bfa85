"""How each kind of fault is done to a request: around the service, which knows nothing of it."""

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

from vetline.api.app import Asgi, Scope, Send
from vetline.api.call import Answer, Trace
from vetline.api.reading import Intake, Receive, discard
from vetline.sandbox.faults.connection import hang_up

Message = MutableMapping[str, Any]


async def answer(answer: Answer, given: dict[bytes, bytes], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in the service's place, with the headers that each of its answers has; what is still to come is taken in.

    Parameters:
        given: the request's headers, lower-case.
    """
    intake = Intake(receive, given)
    found = [*Trace(given).headers(), *answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": found})
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": not intake.ended})
    if not intake.ended:
        await discard(intake)
        await send({"type": "http.response.body", "body": b""})


async def slow(app: Asgi, seconds: float, over: asyncio.Event, scope: Scope, receive: Receive, send: Send) -> None:
    """Carry the request out at once, and let the first byte of the answer wait.

    Parameters:
        over: set when nobody is to wait any more.
    """

    async def late(message: Message) -> None:
        if message["type"] == "http.response.start":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), seconds)
        await send(message)

    await app(scope, receive, late)


async def lose(app: Asgi, scope: Scope, receive: Receive) -> None:
    """Carry the request out, and end the connection without a byte."""
    await _carried_out(app, scope, receive)
    hang_up(scope)


async def halve(app: Asgi, scope: Scope, receive: Receive, send: Send) -> None:
    """Carry the request out, and end the connection in the middle of the answer's body.

    The server ends the connection of an answer that is not whole. What has no body has no middle: it is lost whole.
    """
    start, body = await _carried_out(app, scope, receive)
    if start is None or not body:
        hang_up(scope)
        return
    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    await send({**start, "headers": [*kept, (b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def _carried_out(app: Asgi, scope: Scope, receive: Receive) -> tuple[Message | None, bytes]:
    """Return what the service answers: how the answer begins, and its body."""
    start: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return (start[0] if start else None), bytes(body)
