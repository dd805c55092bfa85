"""A real HTTP server on loopback that publishes what it is told to, counts requests, and can fail or wait."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass
class KeyServer:
    """The server's answers, in the test's hand.

    Attributes:
        documents: path to JSON value or raw bytes.
        status: the status of every answer.
        paths: the paths asked for, in order.
        heads, forms: what came with them.
        open: answers wait until this is set.
    """

    documents: dict[str, object] = field(default_factory=dict)
    status: str = "200 OK"
    paths: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""

    def url(self, path: str = "/keys") -> str:
        """Return the URL of a path."""
        return f"{self.base}{path}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split()[1].decode()
        length = re.search(rb"content-length: (\d+)", request.lower())
        form = await reader.readexactly(int(length[1])) if length else b""
        self.paths.append(path)
        self.heads.append(request)
        self.forms.append(dict(parse_qsl(form.decode())))
        self.asked.set()
        await self.open.wait()
        document = self.documents.get(path, {})
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        head = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        writer.write(f"{head}Location: {self.url('/elsewhere')}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[KeyServer]:
    """Serve on a free loopback port."""
    keys = KeyServer()
    keys.open.set()
    server = await asyncio.start_server(keys.answer, "127.0.0.1", 0)
    keys.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield keys
    finally:
        keys.open.set()
        server.close()
        await server.wait_closed()
