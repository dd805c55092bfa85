"""SIGTERM: what was accepted is answered, nothing acknowledged is lost, and the process ends well and in time."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest

from tests.support.load import Ledger, load
from tests.support.partner import EDUCATION, Client, qualifications, submissions
from tests.support.processes import Sandbox

SCHOOL = "11111111-c0c0-4000-8000-000000000006"
IN_TIME = 10.0


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox of the test's own, to be stopped by it."""
    with Sandbox("--data", str(tmp_path / "data")) as sandbox:
        yield sandbox


class HalfSent:
    """A POST whose body is only half there; the service waits for the rest.

    Parameters:
        sandbox: to whom.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        body = json.dumps(EDUCATION).encode()
        head = [f"POST {qualifications(SCHOOL)} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
        head += ["Content-Type: application/json", f"Authorization: Bearer {sandbox.token()}", "", ""]
        place = urlsplit(sandbox.base)
        self._socket = socket.create_connection((place.hostname, place.port), timeout=IN_TIME)
        self._socket.sendall("\r\n".join(head).encode() + body[:10])
        self._rest = body[10:]

    def finish(self) -> bytes:
        """Send the rest and return the answer."""
        self._socket.sendall(self._rest)
        return self._socket.recv(65_536)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()


def _until_log(sandbox: Sandbox, word: str) -> None:
    deadline = time.monotonic() + IN_TIME
    while word not in sandbox.log():
        assert time.monotonic() < deadline, sandbox.log()


def test_request_in_flight_is_answered(mine: Sandbox) -> None:
    """A request that was accepted before SIGTERM gets its answer after it, and the process ends with 0 in time."""
    with HalfSent(mine) as request:
        assert mine.http.get("/healthz").status_code == 200
        mine.process.terminate()
        begun = time.monotonic()
        _until_log(mine, '"stopping"')
        assert request.finish().startswith(b"HTTP/1.1 201 ")
    assert mine.stop(IN_TIME) == 0
    assert time.monotonic() - begun < IN_TIME


def test_client_that_never_finishes_does_not_hold_the_end_up(mine: Sandbox) -> None:
    """Half a request is waited for, but not for ever; idle connections not at all."""
    with HalfSent(mine):
        assert mine.http.get("/healthz").status_code == 200
        begun = time.monotonic()
        assert mine.stop(IN_TIME + 5) == 0
    assert time.monotonic() - begun < IN_TIME


def test_idle_process_ends_at_once(mine: Sandbox) -> None:
    """With nothing to answer there is nothing to wait for, open connections or not."""
    mine.http.get("/healthz")
    begun = time.monotonic()
    assert mine.stop() == 0
    assert time.monotonic() - begun < IN_TIME / 2


async def test_nothing_acknowledged_is_lost_under_load(mine: Sandbox, tmp_path: Path) -> None:
    """SIGTERM in the middle of many submissions: each acknowledged one is there after a restart, once."""
    ledger = Ledger()
    async with Client(mine) as client:
        customers = await client.create(400)
        loading = asyncio.create_task(load(ledger, client, customers))
        while len(ledger.acknowledged) < 50:  # noqa: ASYNC110 - the load is what is waited for
            await asyncio.sleep(0.001)
        assert await asyncio.to_thread(mine.stop, IN_TIME) == 0
        await loading
    with Sandbox("--data", str(tmp_path / "data")) as again:
        assert {submissions(again, customer) for customer in ledger.acknowledged} == {1}
        assert {submissions(again, customer) for customer in ledger.unanswered} <= {0, 1}
    assert 50 <= len(ledger.acknowledged) < 400
