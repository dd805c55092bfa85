"""Sends a request over real HTTP: by httpx2, or byte for byte over a socket where a library would tidy it up."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlsplit

import httpx2

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, ready to go.

    Parameters:
        method, target: as on the request line.
        headers: as they go over the wire.
        body: the raw body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer.

    Parameters:
        headers: names in lower case; values of a repeated header stand in one list.
        interim: whether a 100 came before it.
    """

    status: int
    headers: Mapping[str, list[str]]
    body: bytes
    interim: bool = False

    def header(self, name: str) -> str | None:
        """Return a header that may stand once, `None` when it is absent."""
        values = self.headers.get(name.lower(), [])
        assert len(values) < 2, f"{name} stands twice: {values}"
        return values[0] if values else None


def send(http: httpx2.Client, sent: Sent) -> Received:
    """Send by httpx2."""
    answer = http.request(sent.method, sent.target, headers=dict(sent.headers), content=sent.body)
    return Received(answer.status_code, _grouped(answer.headers.multi_items()), answer.content)


def send_raw(base: str, sent: Sent) -> Received:
    """Send over a socket: the target and the headers go as they are, and `Expect: 100-continue` is waited for."""
    with connection(base) as plug:
        return speak(plug, head_of(base, sent), sent.body, sent.method)


def connection(base: str) -> socket.socket:
    """Return a connection to a server."""
    address = urlsplit(base)
    return socket.create_connection((address.hostname or "", address.port or 80), timeout=TIMEOUT_SECONDS)


def head_of(base: str, sent: Sent) -> bytes:
    """Return the request line and the headers of a request; host and length are added where they are not given."""
    given = {name.lower() for name in sent.headers}
    lines = [f"{sent.method} {sent.target} HTTP/1.1"]
    if "host" not in given:
        lines.append(f"Host: {urlsplit(base).netloc}")
    if not given & {"content-length", "transfer-encoding"} and (sent.body or sent.method in ("POST", "PUT")):
        lines.append(f"Content-Length: {len(sent.body)}")
    lines += [f"{name}: {value}" for name, value in sent.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


def speak(plug: socket.socket, head: bytes, body: bytes, method: str = "GET") -> Received:
    """Send a head and a body, and return the answer."""
    plug.sendall(head)
    interim = b"100-continue" in head.lower() and _continues(plug)
    plug.sendall(body)
    return received(plug, method, interim=interim)


def received(plug: socket.socket, method: str = "GET", *, interim: bool = False) -> Received:
    """Return the answer that comes over a connection."""
    answer = HTTPResponse(plug, method=method)
    answer.begin()
    return Received(answer.status, _grouped(answer.getheaders()), answer.read(), interim)


def _continues(plug: socket.socket) -> bool:
    head = b""
    while not head.endswith(b"\r\n\r\n") and (byte := plug.recv(1)):
        head += byte
    return head.startswith(b"HTTP/1.1 100")


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(value)
    return found
