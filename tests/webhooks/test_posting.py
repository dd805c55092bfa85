"""Sending, over real sockets: to the address that was judged, with the name's certificate, within a time."""

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
import trustme

from tests.support.answering import Answering, Asked, Said
from tests.webhooks.test_destinations import Names
from vetline.webhooks import posting
from vetline.webhooks.addresses import LOOPBACK
from vetline.webhooks.destinations import Gate
from vetline.webhooks.messages import Message, Outcome
from vetline.webhooks.posting import Poster

GATE = Gate(LOOPBACK, plain=True)


def message(url: str) -> Message:
    """Return something to send."""
    return Message(url, {"Content-Type": "application/json", "X-Any": "thing"}, b'{"EventName":"test-created"}')


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_success_is_one(status: int) -> None:
    """Of the answer nothing else counts."""
    with Answering(lambda _: Said(status)) as receiver:
        assert await Poster(GATE)(message(f"{receiver.base}/hook?a=1")) == Outcome(status, "")
        (asked,) = receiver.asked
        assert (asked.method, asked.path, asked.body) == ("POST", "/hook?a=1", b'{"EventName":"test-created"}')
        assert asked.headers["Host"] == receiver.base.removeprefix("http://")
        assert asked.headers["X-Any"] == "thing"


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503, 599])
async def test_any_refusal_is_told(status: int) -> None:
    """By its status."""
    with Answering(lambda _: Said(status, b"secret")) as receiver:
        outcome = await Poster(GATE)(message(receiver.base))
        assert outcome.status == status
        assert str(status) in outcome.message
        assert "secret" not in outcome.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_redirected(status: int) -> None:
    """A redirect leads to where nobody judged."""

    def answer(asked: Asked) -> Said:
        return Said(status, headers={"Location": f"{receiver.base}/elsewhere"})

    with Answering(answer) as receiver:
        outcome = await Poster(GATE)(message(f"{receiver.base}/hook"))
        assert (outcome.status, outcome.is_success) == (status, False)
        assert [asked.path for asked in receiver.asked] == ["/hook"]


async def test_connection_goes_to_the_address_that_was_judged() -> None:
    """The name is asked once: what it says a moment later leads nowhere."""
    with Answering(lambda _: Said(200)) as receiver:
        port = receiver.base.rpartition(":")[2]
        names = Names(["127.0.0.1"], ["10.0.0.1"])
        poster = Poster(Gate(LOOPBACK, plain=True, resolve=names))
        assert (await poster(message(f"http://rebinding.example:{port}/"))).is_success
        assert receiver.asked[0].headers["Host"] == f"rebinding.example:{port}"
        assert "not on the Internet" in (await poster(message(f"http://rebinding.example:{port}/"))).message
        assert (len(names.asked), len(receiver.asked)) == (2, 1)


async def test_next_address_is_tried_where_nobody_listens_at_the_first() -> None:
    """As for a receiver at one of two families."""
    with Answering(lambda _: Said(200)) as receiver:
        port = receiver.base.rpartition(":")[2]
        poster = Poster(Gate(LOOPBACK, plain=True, resolve=Names(["127.0.0.2", "127.0.0.1"])))
        assert (await poster(message(f"http://two.example:{port}/"))).is_success


async def test_nobody_there_is_told() -> None:
    """Nothing is raised."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        outcome = await Poster(GATE)(message(f"http://127.0.0.1:{place.getsockname()[1]}/"))
    assert outcome.status == 0
    assert outcome.message.startswith("There was no answer (ConnectError")


@asynccontextmanager
async def saying(*pieces: bytes, seconds: float = 0.0) -> AsyncIterator[str]:
    """Yield the address of somebody who says something whatever is asked, in pieces, and then hangs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(seconds)
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_silence_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of somebody who drips a header now and then."""
    monkeypatch.setattr(posting, "DEADLINE", 0.3)
    head = b"HTTP/1.1 200 OK\r\n"
    for pieces in ((), (head, *[b"X-Drip: 1\r\n"] * 60)):
        async with saying(*pieces, seconds=0.1) as url:
            outcome = await Poster(GATE)(message(url))
            assert outcome == Outcome(0, "There was no answer within 0.3 seconds.")


async def test_endless_body_is_not_read() -> None:
    """The head was the answer."""
    async with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", b"x" * 65536) as url:
        assert await Poster(GATE)(message(url)) == Outcome(200, "")


@pytest.mark.parametrize(
    "said", [b"nonsense\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a" * 200_000]
)
async def test_nonsense_is_no_answer(said: bytes) -> None:
    """Nor is a head without an end."""
    async with saying(said) as url:
        outcome = await Poster(GATE)(message(url))
        assert outcome.status == 0
        assert outcome.message.startswith("There was no answer (")


@contextmanager
def secure(authority: trustme.CA, *names: str) -> Iterator[tuple[int, list[str | None]]]:
    """Yield the port of somebody with a certificate for some names, and which names were asked for."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    asked: list[str | None] = []
    authority.issue_cert(*names).configure_cert(context)
    context.sni_callback = lambda _, name, __: asked.append(name)
    with socket.create_server(("127.0.0.1", 0)) as place:
        thread = threading.Thread(target=_answer_once, args=(place, context))
        thread.start()
        yield place.getsockname()[1], asked
        thread.join()


def _answer_once(place: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = place.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            _read_all(secured)
            secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    except (ssl.SSLError, OSError):
        connection.close()


def _read_all(secured: ssl.SSLSocket) -> None:
    """Read a whole request: who closes with something unread resets the connection, and the answer may be lost."""
    head, _, body = secured.recv(65536).partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    missing = int(found[1]) - len(body) if found else 0
    while missing > 0 and (more := secured.recv(65536)):
        missing -= len(more)


@pytest.mark.parametrize(("names", "status"), [(["host.example"], 204), (["other.example"], 0), (["127.0.0.1"], 0)])
async def test_certificate_is_the_names_and_not_the_addresses(names: list[str], status: int) -> None:
    """Though it is the address that is connected to."""
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with secure(authority, *names) as (port, asked):
        poster = Poster(Gate(LOOPBACK, resolve=Names(["127.0.0.1"])), trust)
        assert (await poster(message(f"https://host.example:{port}/"))).status == status
    assert asked == ["host.example"]


async def test_certificate_of_a_stranger_is_refused() -> None:
    """By default the system's authorities count."""
    with secure(trustme.CA(), "host.example") as (port, _):
        outcome = await Poster(Gate(LOOPBACK, resolve=Names(["127.0.0.1"])))(message(f"https://host.example:{port}/"))
    assert "certificate" in outcome.message.lower()
