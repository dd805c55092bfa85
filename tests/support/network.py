"""A network in the test's hand: a server that writes whatever bytes it is told, and a proxy that loses answers."""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self
from urllib.parse import urlsplit

BROKEN = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came.

    Parameters:
        start: its first line.
        headers: by their names in lower case.
        raw: all its bytes.
        at: when it had come, in monotonic seconds.
    """

    start: str
    headers: dict[str, str]
    raw: bytes
    at: float


Behaviour = Callable[[Heard, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server on a loopback port, in a thread of its own; each request is handed to a behaviour.

    Parameters:
        behave: writes the answer, or closes the connection.
        tls: for a server that speaks TLS.
    """

    def __init__(self, behave: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self._behave = behave
        self._serving: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls, backlog=1024))
        port = self._server.sockets[0].getsockname()[1]
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"

    def close(self) -> None:
        """Stop, and drop every connection."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        with contextlib.suppress(*BROKEN, asyncio.CancelledError):
            while not writer.is_closing():
                heard = await message(reader)
                self.heard.append(heard)
                await self._behave(heard, writer)
                await writer.drain()
        writer.close()
        self._serving.discard(task)

    async def _end(self) -> None:
        self._server.close()
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await self._server.wait_closed()


async def message(reader: asyncio.StreamReader) -> Heard:
    """Read a whole message.

    Raises:
        IncompleteReadError: it ended before.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(start, headers, head + body, time.monotonic())


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return a well-formed answer.

    Parameters:
        status: such as ``200 OK``.
        body: its body.
        headers: further header lines.
    """
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def says(raw: bytes) -> Behaviour:
    """Return the behaviour that always answers the same bytes, and then closes the connection."""

    async def behave(heard: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    return behave


class Loss(Enum):
    """What becomes of an answer that the service gave."""

    NONE = "it arrives"
    SILENT = "the connection ends without a byte"
    HALF_LINE = "half the status line arrives"
    HALF_BODY = "half the body arrives"
    RESET = "the connection is reset"
    HANG = "nothing happens any more"


class LossyProxy(Server):
    """Stands before a service: every request reaches it and is answered there, but not every answer arrives.

    Parameters:
        upstream: where the service is; may be changed while it runs.
        fate: says what becomes of an answer, from the request and the number of its attempt, from 1.
    """

    def __init__(self, upstream: str, fate: Callable[[Heard, int], Loss]) -> None:
        super().__init__(self._pass_on)
        self.upstream = upstream
        self.lost: Counter[Loss] = Counter()
        self._fate = fate
        self._attempts: Counter[str] = Counter()

    async def _pass_on(self, heard: Heard, writer: asyncio.StreamWriter) -> None:
        request_id = heard.headers.get("ms-requestid", "")
        self._attempts[request_id] += 1
        loss = self._fate(heard, self._attempts[request_id])
        given = await self._answered(heard)
        self.lost[loss] += 1
        await _deliver(given, writer, loss)

    async def _answered(self, heard: Heard) -> bytes:
        address = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            writer.write(heard.raw)
            return (await message(reader)).raw
        finally:
            writer.close()


async def _deliver(given: bytes, writer: asyncio.StreamWriter, loss: Loss) -> None:
    match loss:
        case Loss.NONE:
            writer.write(given)
            return
        case Loss.HALF_LINE:
            writer.write(given[:9])
        case Loss.HALF_BODY:
            writer.write(given[:-10])
        case Loss.RESET:
            # https://man7.org/linux/man-pages/man7/socket.7.html SO_LINGER: zero seconds, and the end is a reset
            plug = writer.get_extra_info("socket")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        case Loss.HANG:
            await asyncio.sleep(3600)
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    writer.close()
