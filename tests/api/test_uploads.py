"""Bodies that are too large, and clients that never finish: both are bounded, and nobody else waits for them."""

import asyncio
import json
import socket
from collections.abc import MutableMapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.processes import CONTOSO, Sandbox
from tests.support.sending import Received, Sent, connection, head_of, received
from vetline.api import reading
from vetline.api.reading import ClientGoneError, Intake, Receive, body_of
from vetline.wire.faults import FaultError

FINE_ART = "11111111-c0c0-4000-8000-000000000006"
QUALIFICATIONS = f"/v1/customers/{FINE_ART}/qualifications"
TOKENS = f"/{CONTOSO}/oauth2/v2.0/token"

MEGABYTE = 1024 * 1024
UPLOAD = 100 * MEGABYTE
MAX_RESIDENT_KB = 250 * 1024


@pytest.mark.parametrize("path", [QUALIFICATIONS, "/v1/customers"])
def test_declared_length_is_refused_before_the_body(sandbox: Sandbox, path: str) -> None:
    """A declared 100 MB is answered while none of it was sent."""
    head = _head(sandbox, path, {"Content-Length": str(UPLOAD)})
    with connection(sandbox.base) as plug:
        plug.sendall(head)
        _is_too_large(received(plug, "POST"))


def test_a_client_that_sends_all_before_it_reads(sandbox: Sandbox) -> None:
    """Most clients read the answer only when their body is out: up to 16 MiB they hear why, and the next call works."""
    for megabytes in (1, 10):
        answer = sandbox.call("POST", QUALIFICATIONS, content=b"a" * megabytes * MEGABYTE)
        assert answer.json()["errorName"] == "RequestTooLarge"
        assert sandbox.call("GET", QUALIFICATIONS).json() == []


def test_a_client_that_waits_for_leave_is_not_given_it(sandbox: Sandbox) -> None:
    """`Expect: 100-continue` with too large a body is answered by the refusal itself."""
    with connection(sandbox.base) as plug:
        plug.sendall(_head(sandbox, QUALIFICATIONS, {"Content-Length": str(UPLOAD), "Expect": "100-continue"}))
        assert plug.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize("kind", ["nobody", "app", "user-without-mfa"])
def test_refused_callers_hear_why_whatever_they_send(sandbox: Sandbox, kind: str) -> None:
    """A refusal before the body is read reaches a client that sends a body of any permitted size first."""
    for size in (1_000, 60_000, 250_000):
        for _ in range(5):
            assert sandbox.call("POST", QUALIFICATIONS, kind, content=b"a" * size).status_code in (401, 403)


def test_large_name(sandbox: Sandbox) -> None:
    """A name of 1 MB is too large a body; one of 200 kB too long a name."""
    for length, status in ((MEGABYTE, 413), (200_000, 400)):
        body = {"companyProfile": {"domain": "a.example", "companyName": "a" * length}, "billingProfile": {}}
        assert sandbox.call("POST", "/v1/customers", json=body).status_code == status


def test_chunked_upload_is_cut_off(sandbox: Sandbox) -> None:
    """A body without a declared length is read to the limit and no further, and the memory stays bounded."""
    with connection(sandbox.base) as plug:
        plug.sendall(_head(sandbox, QUALIFICATIONS, {"Transfer-Encoding": "chunked"}))
        sent = _pour(plug, UPLOAD)
        assert sent < UPLOAD, "the whole upload was taken in"
    assert _resident_kb(sandbox) < MAX_RESIDENT_KB
    assert sandbox.call("GET", QUALIFICATIONS).json() == []


def test_chunked_body_beyond_the_limit_is_answered(sandbox: Sandbox) -> None:
    """A client that sends a little too much and then listens hears why."""
    with connection(sandbox.base) as plug:
        plug.sendall(_head(sandbox, QUALIFICATIONS, {"Transfer-Encoding": "chunked"}))
        plug.sendall(b"%x\r\n%b\r\n" % (300_000, b"a" * 300_000))
        _is_too_large(received(plug, "POST"))


def test_uploads_without_a_token_are_not_read(sandbox: Sandbox) -> None:
    """Who calls is asked first."""
    sent = Sent("POST", QUALIFICATIONS, {"Content-Length": str(UPLOAD)})
    with connection(sandbox.base) as plug:
        plug.sendall(head_of(sandbox.base, sent))
        assert received(plug, "POST").status == 401


@pytest.mark.parametrize("path", [TOKENS, "/sandbox/decisions"])
def test_uploads_beside_the_interface(sandbox: Sandbox, path: str) -> None:
    """The sandbox's own routes have limits too."""
    with connection(sandbox.base) as plug:
        plug.sendall(_head(sandbox, path, {"Transfer-Encoding": "chunked"}))
        assert _pour(plug, UPLOAD) < UPLOAD
    assert _resident_kb(sandbox) < MAX_RESIDENT_KB


@pytest.mark.parametrize("part", ["headers", "body"])
def test_slow_clients_hold_nobody_up(sandbox: Sandbox, part: str) -> None:
    """A hundred clients that never finish their requests leave the service to everybody else."""
    head = _head(sandbox, QUALIFICATIONS, {"Content-Length": "100"})
    begun = head[:-4] if part == "headers" else head + b'{"qualification":'
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connection(sandbox.base)).sendall(begun)
        for _ in range(20):
            assert sandbox.call("GET", QUALIFICATIONS, timeout=1).status_code == 200
    assert sandbox.call("GET", QUALIFICATIONS).json() == []


async def test_a_body_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patience with a body ends in a 408."""
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.01)
    with pytest.raises(FaultError) as refused:
        await body_of(Intake(asyncio.Future, {}), {})
    assert (refused.value.fault.status, refused.value.fault.name) == (408, "RequestTimeout")


async def test_a_client_that_hangs_up() -> None:
    """Nobody is answered who is gone, whether before the body or in the middle of it."""
    gone: dict[str, object] = {"type": "http.disconnect"}
    for messages in ([gone], [{"type": "http.request", "body": b"1", "more_body": True}, gone]):
        with pytest.raises(ClientGoneError):
            await body_of(Intake(_receiver(messages), {}), {})


def _receiver(messages: list[dict[str, object]]) -> Receive:
    left = iter(messages)

    async def receive() -> MutableMapping[str, object]:
        return next(left)

    return receive


def _head(sandbox: Sandbox, path: str, headers: dict[str, str]) -> bytes:
    given = {"Authorization": f"Bearer {sandbox.token()}", "Content-Type": "application/json"}
    return head_of(sandbox.base, Sent("POST", path, given | headers))


def _pour(plug: socket.socket, size: int) -> int:
    """Send chunks until the server hangs up or has all; return how many bytes it took."""
    chunk = b"%x\r\n%b\r\n" % (MEGABYTE, b"a" * MEGABYTE)
    taken = 0
    plug.settimeout(5)
    try:
        while taken < size:
            plug.sendall(chunk)
            taken += MEGABYTE
    except OSError:
        return taken
    return taken


def _is_too_large(found: Received) -> None:
    assert found.status == 413
    assert json.loads(found.body)["errorName"] == "RequestTooLarge"
    assert found.header("ms-requestid")


def _resident_kb(sandbox: Sandbox) -> int:
    lines = Path(f"/proc/{sandbox.process.pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
