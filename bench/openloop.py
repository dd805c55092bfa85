"""Requests on a fixed timetable, whether or not the earlier ones are answered: an open loop.

A request's time is counted from the moment at which it was due, not from when it could be sent. A server that stalls
is so charged with everybody who would have come meanwhile; a closed loop forgets them (coordinated omission:
https://github.com/giltene/wrk2#readme).
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

from bench.processes import BenchError

CONNECTIONS = 64
_PATIENCE_SECONDS = 30.0
_SPIN_SECONDS = 0.0015


class Connection:
    """One HTTP/1.1 connection that is kept open; of the protocol as much as our servers speak to it.

    Parameters:
        reader, writer: the socket's ends.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, base: str) -> "Connection":
        """Open one to a server."""
        address = urlsplit(base)
        return cls(*await asyncio.open_connection(address.hostname, address.port))

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
        """Send a request, and return the body of its answer.

        Raises:
            BenchError: the answer is no success.
        """
        status, answer = await self.exchange(method, path, headers, body)
        if status // 100 != 2:
            raise BenchError(f"{method} {path} was answered {status}: {answer[:200]!r}")
        return answer

    async def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a request, and return the status and the body of its answer, whatever it is."""
        self.send(method, path, headers, body, len(body))
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        answer = await self._reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
        return int(head.split(b" ", 2)[1]), answer

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, declared: int) -> None:
        """Send a request with a body that is said to have so many bytes, and do not wait for the answer."""
        lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Length: {declared}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    async def close(self) -> None:
        """Close it."""
        self._writer.close()
        with contextlib.suppress(OSError):  # the server was faster
            await self._writer.wait_closed()


async def _until(due: float) -> None:
    """Event loops sleep in whole milliseconds; the last of them is spent asking, on a processor of our own."""
    await asyncio.sleep(due - time.perf_counter() - _SPIN_SECONDS)
    while time.perf_counter() < due:  # noqa: ASYNC110 - nothing happens that could be waited for but the time
        await asyncio.sleep(0)


Operation = Callable[[Connection, int], Awaitable[None]]


async def open_loop(base: str, operation: Operation, per_second: float, number: int) -> list[float]:
    """Do an operation so many times on a timetable; return the seconds that each took from the moment it was due.

    Raises:
        BenchError: an answer was no success, or none came for half a minute.
    """
    connections = [await Connection.to(base) for _ in range(CONNECTIONS)]
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    for each in connections:
        free.put_nowait(each)
    clock = time.perf_counter  # the event loop's own counts in milliseconds
    begun = clock()

    async def one(turn: int) -> float:
        due = begun + turn / per_second
        await _until(due)
        connection = await free.get()
        await operation(connection, turn)
        free.put_nowait(connection)
        return clock() - due

    tasks = [asyncio.create_task(one(turn)) for turn in range(number)]
    try:
        async with asyncio.timeout(number / per_second + _PATIENCE_SECONDS):
            return await asyncio.gather(*tasks)
    except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
        raise BenchError(f"{base} stopped answering") from error
    finally:
        await _ended(tasks)
        for each in connections:
            await each.close()


async def _ended(tasks: Sequence["asyncio.Task[float]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
