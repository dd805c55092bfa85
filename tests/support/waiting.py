"""Clients that prefer to wait, each on a connection of its own, and how many of them a service holds."""

import re
import socket
import time
from collections.abc import Mapping
from typing import Self

from tests.support.processes import VetlineProcess
from tests.support.sending import Received, Sent, connection, head_of, received

DEADLINE_SECONDS = 20.0

_HELD = re.compile(r"^vetline_requests_held (\S+)$", re.MULTILINE)


class Waiter:
    """A GET that is sent and whose answer is still to come.

    Parameters:
        service: whom it asks.
        path: of which customer's qualifications.
        headers: the caller's token, and how long it prefers to wait.
    """

    def __init__(self, service: VetlineProcess, path: str, headers: Mapping[str, str]) -> None:
        self._begun = time.monotonic()
        self._socket: socket.socket = connection(service.base)
        self._socket.sendall(head_of(service.base, Sent("GET", path, headers)))

    def answer(self) -> Received:
        """Return the answer when it comes."""
        return received(self._socket)

    @property
    def seconds(self) -> float:
        """How long ago it was sent."""
        return time.monotonic() - self._begun

    def hang_up(self) -> None:
        """Close the connection."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.hang_up()


def held(service: VetlineProcess) -> int:
    """Return how many requests a service holds."""
    found = _HELD.search(service.http.get("/metrics").raise_for_status().text)
    assert found
    return int(float(found[1]))


def until_held(service: VetlineProcess, number: int, deadline_seconds: float = DEADLINE_SECONDS) -> None:
    """Return when a service holds so many requests.

    Raises:
        AssertionError: it does not come to that.
    """
    deadline = time.monotonic() + deadline_seconds
    while (found := held(service)) != number:
        assert time.monotonic() < deadline, f"{found} requests are held, not {number}"
