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
        headers: the request's, which say whether there is a body at all.
    """

    __slots__ = ("_receive", "ended")

    def __init__(self, receive: Receive, headers: dict[bytes, bytes]) -> None:
        self._receive = receive
        self.ended = headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers

    async def __call__(self) -> MutableMapping[str, Any]:
        """Return the next message."""
        message = await self._receive()
        self.ended = not message.get("more_body", False)
        return message


async def body_of(receive: Receive, headers: dict[bytes, bytes]) -> bytes:
    """Return the whole body.

    Raises:
        FaultError: RequestTooLarge before reading on, RequestTimeout, UnsupportedMediaType.
        ClientGoneError: the client hung up.
    """
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared[:20]) > MAX_BODY:
        raise FaultError(faults.TOO_LARGE, limit=str(MAX_BODY))
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(receive)
    except TimeoutError as error:
        raise FaultError(faults.REQUEST_TIMEOUT) from error
    if body:
        _check_content_type(headers.get(b"content-type", b""))
    return body


async def _read(receive: Receive) -> bytes:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGoneError
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return _within_limit(body)
    return await _read_on(receive, body)


async def _read_on(receive: Receive, first: bytes) -> bytes:
    parts, size, more = [first], len(first), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise FaultError(faults.TOO_LARGE, limit=str(MAX_BODY))
        more = message.get("more_body", False)
    return b"".join(parts)


async def discard(intake: Intake) -> None:
    """Take in and forget what a refused client still sends, within bounds.

    Most clients read the answer only when they have sent all, and a connection closed before that takes it from them.
    """
    left = MAX_DISCARDED
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while not intake.ended and left > 0:
                left -= len((await intake()).get("body", b""))


def _within_limit(body: bytes) -> bytes:
    if len(body) > MAX_BODY:
        raise FaultError(faults.TOO_LARGE, limit=str(MAX_BODY))
    return body


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
