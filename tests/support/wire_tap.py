"""A line between a store and its PostgreSQL that a test may cut or hold at a chosen message."""

import asyncio
import contextlib
from typing import Self
from urllib.parse import urlsplit, urlunsplit

COMMIT = b"COMMIT"


class WireTap:
    """Forwards connections.

    Parameters:
        url: the database behind it.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.cut_before = b""
        self.cut_after = b""
        self.cuts = 0
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server
        self._server.close()
        self.release()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """The database as it is reached through here."""
        assert self._server
        port = self._server.sockets[0].getsockname()[1]
        return urlunsplit(self._target._replace(netloc=f"vetline@127.0.0.1:{port}"))

    def cut(self) -> None:
        """Cut every connection."""
        for writer in self._writers:
            writer.transport.abort()

    def hold(self) -> None:
        """Let nothing through any more, without a word to either side."""
        self._flowing.clear()

    def release(self) -> None:
        """Let everything through again."""
        self._flowing.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        there, out = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._writers |= {writer, out}
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(self._requests(reader, out), self._answers(there, writer))
        writer.transport.abort()
        out.transport.abort()

    async def _requests(self, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self._flowing.wait()
            if self.cut_before and self.cut_before in data:
                self._trip()
            out.write(data)
            await out.drain()

    async def _answers(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await there.read(65_536):
            await self._flowing.wait()
            if self.cut_after and self.cut_after in data:
                self._trip()
            writer.write(data)
            await writer.drain()
        writer.close()

    def _trip(self) -> None:
        """Cut here, once, before this message goes on."""
        self.cut_before = self.cut_after = b""
        self.cuts += 1
        raise ConnectionAbortedError("cut by the test")
