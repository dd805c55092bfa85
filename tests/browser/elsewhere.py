"""Pages of somebody else, on an origin of their own, that try something with ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def page_elsewhere(body: str) -> Iterator[int]:
    """Serve a page on a port of this machine, and yield the port: 127.0.0.1 is our site, localhost is not."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Page, body))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class _Page(BaseHTTPRequestHandler):
    """Answers every GET with the page."""

    def __init__(self, body: str, *more: Any) -> None:
        self._body = f"<!doctype html><title>Elsewhere</title><link rel=icon href='data:,'>{body}".encode()
        super().__init__(*more)

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self._body)))
        self.end_headers()
        self.wfile.write(self._body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        """Say nothing."""
