"""The baseline: an ASGI application that says hello, on the service's own HTTP server and event loop."""

import asyncio
import sys

import uvloop

from vetline.api.app import Scope, Send
from vetline.api.reading import Receive
from vetline.hosting import embedded_server, listening, reserved, url_of

HOST = "127.0.0.1"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with five bytes."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


async def main() -> None:
    """Serve until killed."""
    with reserved(HOST, 0) as port:
        serving = asyncio.create_task(embedded_server(hello, HOST, port).serve())
        await listening(HOST, port, serving)
        sys.stdout.write(f"ready {url_of(HOST, port)}\n")
        sys.stdout.flush()
        await serving


if __name__ == "__main__":
    uvloop.run(main())
