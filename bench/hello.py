"""The baseline: an ASGI application that says hello, on the service's own HTTP server and event loop.

With a number of requests a second it answers no more than those: `python -m bench.hello 5000`.
"""

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


class PacedHello:
    """The same, one answer after another, so far apart.

    Parameters:
        seconds: the time between two answers.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer when it is its turn."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._seconds, now)
        await asyncio.sleep(self._next - now)
        await hello(scope, receive, send)


async def main(per_second: float) -> None:
    """Serve until killed."""
    app = PacedHello(1 / per_second) if per_second else hello
    with reserved(HOST, 0) as port:
        serving = asyncio.create_task(embedded_server(app, HOST, port).serve())
        await listening(HOST, port, serving)
        sys.stdout.write(f"ready {url_of(HOST, port)}\n")
        sys.stdout.flush()
        await serving


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 0))
