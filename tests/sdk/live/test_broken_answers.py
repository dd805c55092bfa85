"""Answers that are broken, hostile, endless or from a stranger: always the client's own error, within its time."""

import asyncio
import gzip
import random
import ssl
import time
from collections.abc import Callable

import pytest
import trustme

from tests.sdk.live.asking import BOTH, Ask
from tests.support.network import Behaviour, Heard, Server, answer, says
from vetline.sdk import errors
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.sending import LONGEST_ANSWER

ONCE = RetryPolicy(attempts=1)
JSON = "Content-Type: application/json"
BODY = b'[{"qualification":"Education","vettingStatus":"InReview"}]'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

BROKEN: dict[str, tuple[bytes, type[errors.PartnerCenterError]]] = {
    "HTML": (
        answer("200 OK", b"<html><body>Sign in</body></html>", "Content-Type: text/html"),
        errors.UnreadableAnswerError,
    ),
    "no content": (answer("200 OK", b"nothing"), errors.UnreadableAnswerError),
    "cut gzip": (answer("200 OK", gzip.compress(BODY)[:20], "Content-Encoding: gzip"), errors.ConnectionFailedError),
    "no gzip": (answer("200 OK", BODY, "Content-Encoding: gzip"), errors.ConnectionFailedError),
    "unknown coding": (answer("200 OK", b"\x00\x01", "Content-Encoding: x-none"), errors.UnreadableAnswerError),
    "too short": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[]", errors.ConnectionFailedError),
    "too long": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n[]", errors.UnreadableAnswerError),
    "two lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n[]",
        errors.ConnectionFailedError,
    ),
    "no length": (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n[]", errors.ConnectionFailedError),
    "chunk size": (CHUNKED + b"zz\r\n[]\r\n", errors.ConnectionFailedError),
    "cut chunk": (CHUNKED + b"99\r\n[]", errors.ConnectionFailedError),
    "huge chunk": (CHUNKED + b"fffffffffffffffff\r\n[]", errors.ConnectionFailedError),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", errors.ConnectionFailedError),
    "binary": (bytes(range(256)) * 8, errors.ConnectionFailedError),
    "nothing": (b"", errors.ConnectionFailedError),
    "status 99": (b"HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n", errors.PartnerCenterError),
    "status 999": (answer("999 What"), errors.PartnerCenterError),
    "upgrade": (answer("101 Switching Protocols", b"", "Upgrade: x", "Connection: upgrade"), errors.PartnerCenterError),
    "bad header": (b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 2\r\n\r\n[]", errors.ConnectionFailedError),
    "zero in a header": (b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 2\r\n\r\n[]", errors.ConnectionFailedError),
    "flood of headers": (
        answer("200 OK", b"[]", *(f"X-{n}: {'x' * 90}" for n in range(2000))),
        errors.ConnectionFailedError,
    ),
    "one long header": (answer("200 OK", b"[]", f"X: {'x' * 200_000}"), errors.ConnectionFailedError),
    "bad location": (answer("302 Found", b"", "Location: http://[::1"), errors.UnreadableAnswerError),
    "deep": (answer("200 OK", b"[" * 100_000, JSON), errors.UnreadableAnswerError),
    "an answer of bytes": (answer("500 Internal Server Error", bytes(range(256))), errors.ServerError),
}


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_answer_is_the_clients_own_error(name: str, ask: Ask) -> None:
    """Its text is one readable line, and it names the request."""
    raw, kind = BROKEN[name]
    with Server(says(raw)) as server, pytest.raises(kind) as caught:
        await ask(server.base, retry=ONCE)
    assert caught.value.request_id == server.heard[0].headers["ms-requestid"]
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize("status", ["204 No Content", "200 OK"])
async def test_no_body_is_no_qualification(status: str, ask: Ask) -> None:
    """Nobody was ever qualified: an empty success says so."""
    with Server(says(answer(status))) as server:
        assert await ask(server.base, retry=ONCE) == []


@pytest.mark.parametrize("ask", BOTH)
async def test_what_is_compressed_or_in_chunks_is_read(ask: Ask) -> None:
    """Both are ordinary HTTP."""
    chunks = b"".join(b"%x\r\n%c\r\n" % (1, byte) for byte in BODY) + b"0\r\n\r\n"
    for raw in (answer("200 OK", gzip.compress(BODY), "Content-Encoding: gzip"), CHUNKED + chunks):
        with Server(says(raw)) as server:
            (found,) = await ask(server.base, retry=ONCE)
        assert found.qualification == "Education"


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
)
async def test_a_redirect_is_not_followed(status: str, ask: Ask) -> None:
    """The token goes to nobody but the service; the error says where it was sent to."""
    with Server(says(answer("200 OK", b"[]"))) as stranger:
        moved = answer(status, b"", f"Location: {stranger.base}/v1/elsewhere?code=12345")
        with Server(says(moved)) as server, pytest.raises(errors.UnreadableAnswerError, match="redirect") as caught:
            await ask(server.base, retry=ONCE)
        assert stranger.heard == []
    assert f"{stranger.base}/v1/elsewhere" in str(caught.value)
    assert "12345" not in str(caught.value)
    assert "base_url" in str(caught.value)


@pytest.mark.parametrize("ask", BOTH)
async def test_cookies_are_not_kept(ask: Ask) -> None:
    """A client has no session: what a server sets is not sent back."""
    with Server(says(answer("200 OK", b"[]", "Set-Cookie: session=1; Path=/"))) as server:
        await ask(server.base, times=2)
    assert [heard.headers.get("cookie") for heard in server.heard] == [None, None]


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_an_answer_without_end_is_cut(coding: str, ask: Ask) -> None:
    """Much more than any answer needs: an error at once, without another attempt and without the memory."""
    part = random.Random(1).randbytes(2**20)
    sent = 0

    async def endless(heard: Heard, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode())
        while True:
            writer.write(part)
            await writer.drain()
            sent += 1

    with Server(endless) as server, pytest.raises(errors.UnreadableAnswerError, match="longer than 32 MiB") as caught:
        await ask(server.base, timeout=20)
    assert len(server.heard) == 1
    assert caught.value.request_id == server.heard[0].headers["ms-requestid"]
    assert sent < 3 * LONGEST_ANSWER / 2**20


@pytest.mark.parametrize("ask", BOTH)
async def test_a_bomb_is_not_unpacked(ask: Ask) -> None:
    """A small answer that would unpack to 100 MB."""
    bomb = gzip.compress(b" " * 100_000_000, 1)
    refused = pytest.raises(errors.UnreadableAnswerError, match="longer than 32 MiB")
    with Server(says(answer("200 OK", bomb, "Content-Encoding: gzip"))) as server, refused:
        await ask(server.base)
    assert len(server.heard) == 1


def dripping(head: bytes) -> Behaviour:
    """Return the behaviour that writes a head, and then a byte every few milliseconds without end."""

    async def behave(heard: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    return behave


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"])
async def test_a_drip_is_given_up_in_time(head: bytes, ask: Ask) -> None:
    """The time is for the whole attempt, wherever the bytes stall: status line, headers or body."""
    with Server(dripping(head)) as server:
        began = time.monotonic()
        with pytest.raises(errors.TimedOutError, match=r"longer than 0\.3 seconds"):
            await ask(server.base, retry=ONCE, timeout=0.3)
        assert 0.25 < time.monotonic() - began < 2


async def _silence(heard: Heard, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


@pytest.mark.parametrize("ask", BOTH)
async def test_all_attempts_together_keep_to_total_seconds(ask: Ask) -> None:
    """A service that never answers is left after the time for the whole operation."""
    policy = RetryPolicy(attempts=100, backoff=0.01, total_seconds=0.6)
    with Server(_silence) as server:
        began = time.monotonic()
        with pytest.raises(errors.TimedOutError):
            await ask(server.base, retry=policy, timeout=0.25)
        assert time.monotonic() - began < 2
    assert len(server.heard) in (2, 3)  # a busy machine may leave no time for the third


@pytest.mark.parametrize("ask", BOTH)
async def test_nobody_there(ask: Ask) -> None:
    """Refused: tried again, then an error that names the host."""
    with Server(_silence) as server:
        base = server.base
    with pytest.raises(errors.ConnectionFailedError, match="No answer from 127") as caught:
        await ask(base, retry=RetryPolicy(attempts=3, backoff=0.01))
    assert "3 attempts" in str(caught.value)


def tls_server(authority: trustme.CA) -> Callable[[], Server]:
    """Return what starts a TLS server with a certificate of an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return lambda: Server(says(answer("200 OK", BODY)), tls=context)


@pytest.mark.parametrize("ask", BOTH)
async def test_a_certificate_nobody_vouches_for(ask: Ask) -> None:
    """The token is not sent, nothing is tried again, and the error says what to do; with the authority it works."""
    authority = trustme.CA()
    with tls_server(authority)() as server:
        with pytest.raises(errors.ConnectionFailedError, match=r"not trusted.*verify=ssl\.create_default_context"):
            await ask(server.base, retry=RetryPolicy(attempts=3, backoff=30))
        assert server.heard == []
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        assert len(await ask(server.base, verify=trusting)) == 1


@pytest.mark.parametrize("ask", BOTH)
async def test_a_drip_over_tls_is_given_up_in_time(ask: Ask) -> None:
    """The time holds over TLS as well."""
    authority, context, trusting = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(trusting)
    with Server(dripping(b"HTTP/1.1 200 OK\r\nX: "), tls=context) as server:
        began = time.monotonic()
        with pytest.raises(errors.TimedOutError):
            await ask(server.base, retry=ONCE, timeout=0.5, verify=trusting)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("ask", BOTH)
async def test_plain_http_where_tls_is_spoken_and_the_other_way_round(ask: Ask) -> None:
    """A wrong scheme is a failed connection."""
    with Server(says(answer("200 OK", BODY))) as server, pytest.raises(errors.ConnectionFailedError):
        await ask(server.base.replace("http:", "https:"), retry=ONCE, timeout=0.5)
    with tls_server(trustme.CA())() as server, pytest.raises(errors.ConnectionFailedError):
        await ask(server.base.replace("https:", "http:"), retry=ONCE, timeout=0.5)
