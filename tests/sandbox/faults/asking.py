"""Asks a sandbox over a bare socket, and tells how the connection ended."""

import socket
import time
import uuid
from dataclasses import dataclass
from typing import Any

from tests.support.processes import Sandbox
from tests.support.sending import Sent, connection, head_of

from .requests import CUSTOMER

QUALIFICATIONS = f"/v1/customers/{CUSTOMER}/qualifications"
_QUIET_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """What came.

    Parameters:
        raw: every byte.
        end: ``closed``, ``reset``, or ``open`` when the server keeps the connection.
        seconds: until the first byte, or the end.
    """

    raw: bytes
    end: str
    seconds: float

    @property
    def status(self) -> int:
        """The status; 0 when none came."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw else 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> bytes:
        """As much of the body as came."""
        return self.raw.partition(b"\r\n\r\n")[2]


def plan(sandbox: Sandbox, *faults: dict[str, Any]) -> None:
    """Add faults to a sandbox's plan."""
    sandbox.http.post("/sandbox/faults", json=list(faults)).raise_for_status()


def submission(sandbox: Sandbox, request_id: str = "") -> Sent:
    """Return the request that asks for Education."""
    headers = {"Authorization": f"Bearer {sandbox.token()}", "MS-RequestId": request_id or str(uuid.uuid4())}
    return Sent("POST", QUALIFICATIONS, headers, b'{"qualification":"Education"}')


def ask(sandbox: Sandbox, sent: Sent) -> Seen:
    """Send a request on a connection of its own and return all that comes."""
    with connection(sandbox.base) as plug:
        begun = time.monotonic()
        plug.sendall(head_of(sandbox.base, sent) + sent.body)
        first, end = _received(plug)
        seconds = time.monotonic() - begun
        plug.settimeout(_QUIET_SECONDS)
        raw = first
        while first and not end:
            part, end = _received(plug)
            raw += part
    return Seen(raw, end, seconds)


def _received(plug: socket.socket) -> tuple[bytes, str]:
    """Return what comes next, and how the connection ended, empty while it goes on."""
    try:
        found = plug.recv(2**16)
    except ConnectionResetError:
        return b"", "reset"
    except TimeoutError:
        return b"", "open"
    return found, "" if found else "closed"
