"""The open loop charges a server with everybody who came while it stood still."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from bench.openloop import Connection, open_loop
from bench.processes import BenchError

REQUESTS = 60
PER_SECOND = 200
STALL_SECONDS = 0.2


class Server:
    """Answers at once, but for the requests that it is told to hold back, or to refuse."""

    def __init__(self, *, stalls_at: int = -1, refuses_at: int = -1) -> None:
        self._stalls_at = stalls_at
        self._refuses_at = refuses_at
        self._number = 0
        self._open = asyncio.Event()
        self._open.set()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Yield its address."""
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                number = self._number = self._number + 1
                if number == self._stalls_at:
                    self._open.clear()
                    asyncio.get_running_loop().call_later(STALL_SECONDS, self._open.set)
                await self._open.wait()
                status = b"503 Service Unavailable" if number == self._refuses_at else b"200 OK"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n[]")
        writer.close()
        await writer.wait_closed()


async def _get(connection: Connection, turn: int) -> None:
    assert await connection.ask("GET", f"/{turn}", {}) == b"[]"


async def test_a_stall_is_felt_by_all_who_were_due_meanwhile() -> None:
    """A server that stands still for 200 ms holds up the 40 requests of that time, each by what was left of it.

    A closed loop would see one slow request of all.
    """
    async with Server(stalls_at=10).serving() as base:
        found = await open_loop(base, _get, PER_SECOND, REQUESTS)
    assert len(found) == REQUESTS
    assert max(found) >= STALL_SECONDS
    assert sum(seconds > STALL_SECONDS / 4 for seconds in found) >= 0.7 * STALL_SECONDS * PER_SECOND


async def test_requests_keep_to_the_timetable() -> None:
    """So many requests at such a rate take that long, however fast the answers are."""
    clock = asyncio.get_running_loop().time
    async with Server().serving() as base:
        begun = clock()
        await open_loop(base, _get, PER_SECOND, REQUESTS)
        assert clock() - begun >= (REQUESTS - 1) / PER_SECOND


async def test_a_refusal_is_no_measurement() -> None:
    """What was refused was not done, so its time says nothing."""
    async with Server(refuses_at=5).serving() as base:
        with pytest.raises(BenchError, match="503"):
            await open_loop(base, _get, PER_SECOND, REQUESTS)
