"""Takes a request's body in, with a limit to its size and to its patience; checks what it says it is."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from vetline.wire import faults
from vetline.wire.faults import FaultError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

MAX_BODY = 256 * 1024
BODY_SECONDS = 20.0

# How much of a refused body is still taken in, and how long.
MAX_DISCARDED = 16 * 1024 * 1024
LINGER_SECONDS = 5.0

_JSON_TYPES = frozenset({b"application/json", b"text/json"})
_ACCEPTABLE = frozenset({b"*/*", b"application/*", b"application/json", b"text/*", b"text/json"})


class ClientGoneError(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""


class Intake:
    """A request's body as it comes in; knows whether all of it has come.

    Parameters:
        receive: the server's.
        headers: the request's, which say whether there is a body at all, and mostly how long it is.
    """

    __slots__ = ("_left", "_receive", "declared", "ended")

    def __init__(self, receive: Receive, headers: dict[bytes, bytes]) -> None:
        self._receive = receive
        length = headers.get(b"content-length", b"")
        self.declared = int(length) if length.isdigit() and len(length) < 20 else None
        self._left = self.declared
        self.ended = self.declared in (None, 0) and b"transfer-encoding" not in headers

    async def chunk(self) -> bytes:
        """Return the next piece of the body.

        With the declared length the body is whole: the server's own end, a message without content, would cost as
        much waiting as all that came before.

        Raises:
            ClientGoneError: the client hung up.
        """
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body: bytes = message.get("body", b"")
        if self._left is not None:
            self._left -= len(body)
        self.ended = self._left == 0 or not message.get("more_body", False)
        return body

    async def gone(self) -> None:
        """Return when the client hangs up; what it sends before that is forgotten."""
        with contextlib.suppress(ClientGoneError):
            while True:
                await self.chunk()


async def body_of(intake: Intake, headers: dict[bytes, bytes]) -> bytes:
    """Return the whole body.

    Raises:
        FaultError: RequestTooLarge before reading on, RequestTimeout, UnsupportedMediaType.
        ClientGoneError: the client hung up.
    """
    if intake.declared == 0:
        return b""
    if intake.declared is not None and intake.declared > MAX_BODY:
        raise FaultError(faults.TOO_LARGE, limit=str(MAX_BODY))
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _whole(intake)
    except TimeoutError as error:
        raise FaultError(faults.REQUEST_TIMEOUT) from error
    if body:
        _check_content_type(headers.get(b"content-type", b""))
    return body


async def _whole(intake: Intake) -> bytes:
    body = await intake.chunk()
    while not intake.ended and len(body) <= MAX_BODY:
        body += await intake.chunk()
    if len(body) > MAX_BODY:
        raise FaultError(faults.TOO_LARGE, limit=str(MAX_BODY))
    return body


async def discard(intake: Intake) -> None:
    """Take in and forget what a refused client still sends, within bounds.

    Most clients read the answer only when they have sent all, and a connection closed before that takes it from them.
    """
    left = MAX_DISCARDED
    with contextlib.suppress(TimeoutError, ClientGoneError):
        async with asyncio.timeout(LINGER_SECONDS):
            while not intake.ended and left > 0:
                left -= len(await intake.chunk())


def _check_content_type(value: bytes) -> None:
    """The .NET client sends the bare type, the Java client adds a charset; none at all is tolerated."""
    if not value or value == b"application/json":
        return
    media, _, parameters = value.lower().partition(b";")
    media = media.strip()
    charset = parameters.replace(b" ", b"").replace(b'"', b"").partition(b"charset=")[2].partition(b";")[0]
    json = media in _JSON_TYPES or (media.startswith(b"application/") and media.endswith(b"+json"))
    if not json or charset not in (b"", b"utf-8", b"utf8", b"us-ascii"):
        raise FaultError(faults.UNSUPPORTED_MEDIA)


def check_accept(value: bytes | None) -> None:
    """Refuse a client that accepts no JSON.

    Raises:
        FaultError: NotAcceptable.
    """
    if not value or value in _ACCEPTABLE:
        return
    wanted = [part.partition(b";") for part in value.lower().split(b",")]
    if not any(media.strip() in _ACCEPTABLE and not _refused(rest) for media, _, rest in wanted):
        raise FaultError(faults.NOT_ACCEPTABLE)


def _refused(parameters: bytes) -> bool:
    """Return whether a media range carries a quality of nothing."""
    quality = parameters.replace(b" ", b"").partition(b"q=")[2].partition(b";")[0]
    return quality != b"" and set(quality) <= set(b"0.")
