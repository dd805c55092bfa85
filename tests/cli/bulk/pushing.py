"""A service that pushes back: it answers as it is told to, and notes when each request came."""

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self


class Came(NamedTuple):
    """A request: when it came, under which id, and how many were under way then, itself included."""

    at: float
    request_id: str
    together: int


class Said(NamedTuple):
    """An answer."""

    status: int
    body: object
    retry_after: int | None = None


ACCEPTED = Said(201, {"qualification": "Education", "vettingStatus": "InReview"})
THROTTLED = Said(429, {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}, 1)
FAILING = Said(500, {"code": "800003", "description": "Unexpected service error"}, 0)

# Given the number of the request, from 0, and its id.
Plan = Callable[[int, str], Said]


class _Server(ThreadingHTTPServer):
    # With the usual five a sixth connection at once is made a second later, by a request that was sent in time.
    request_queue_size = 128


class PushingService:
    """Answers POSTs on a loopback port.

    Parameters:
        plan: says what to answer.
    """

    def __init__(self, plan: Plan) -> None:
        self.came: list[Came] = []
        self.told: list[tuple[float, Said]] = []
        self._plan = plan
        self._inside = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, request_id: str) -> Said:
        """Note a request and return what to say."""
        with self._lock:
            self._inside += 1
            number = len(self.came)
            self.came.append(Came(time.monotonic(), request_id, self._inside))
        said = self._plan(number, request_id)
        with self._lock:
            self._inside -= 1
            self.told.append((time.monotonic(), said))
        return said

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, service: PushingService, *more: object) -> None:
        self._service = service
        super().__init__(*more)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say(self._service.answer(self.headers["MS-RequestId"]))

    def do_GET(self) -> None:
        """Know of nothing."""
        self._say(Said(200, []))

    def _say(self, said: Said) -> None:
        body = json.dumps(said.body).encode()
        self.send_response(said.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if said.retry_after is not None:
            self.send_header("Retry-After", str(said.retry_after))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        """Say nothing."""
