"""What the journal notes when an answer goes wrong on its way, in a small application that makes it go wrong."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.clock import HandClock
from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.exchange import Ending, Exchange
from vetline.sandbox.sight.journal.operations import Operations
from vetline.sandbox.sight.journal.recording import MOST_OF_A_BODY, Journal

START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]}


class BrokenError(Exception):
    """What goes wrong."""


def says(*messages: Any) -> Asgi:
    """Return an application that reads what is asked and then sends these; an exception among them it raises."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            continue
        for message in messages:
            if isinstance(message, Exception):
                raise message
            await send(message)

    return app


def part(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def noted(
    app: Asgi, *parts: bytes, method: str = "POST", sent: Callable[[Any], None] = lambda message: None
) -> Exchange:
    """Return what is noted of one request; what the application raises is not looked at."""
    book = Book()
    arriving = [{"type": "http.request", "body": one, "more_body": True} for one in parts]
    arriving.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:
        return arriving.pop(0)

    async def send(message: Any) -> None:
        sent(message)

    scope = {"type": "http", "method": method, "path": "/v1/customers", "query_string": b"", "headers": [(b"a", b"b")]}
    with contextlib.suppress(BrokenError):
        await Journal(app, book, HandClock(), Operations([]))(scope, receive, send)
    [exchange] = book
    return exchange


@pytest.mark.parametrize(
    ("messages", "ending", "status"),
    [
        ([START, part(b"four")], Ending.COMPLETE, 200),
        ([START, part(b"fo", more=True), part(b"ur")], Ending.COMPLETE, 200),
        ([START, part(b"fou")], Ending.CUT_OFF, 200),
        ([START, part(b"fo", more=True), BrokenError()], Ending.CUT_OFF, 200),
        ([START], Ending.CUT_OFF, 200),
        ([START, BrokenError()], Ending.CUT_OFF, 200),
        ([BrokenError()], Ending.UNANSWERED, 0),
        ([], Ending.UNANSWERED, 0),
    ],
)
async def test_it_notes_how_it_ended_for_the_client(messages: list[Any], ending: Ending, status: int) -> None:
    exchange = await noted(says(*messages))
    assert (exchange.ending, exchange.status) == (ending, status)
    assert exchange.ended >= exchange.begun


async def test_an_answer_to_head_has_no_body_to_miss() -> None:
    assert (await noted(says(START, part(b"")), method="HEAD")).ending is Ending.COMPLETE


async def test_an_answer_that_cannot_be_sent_is_cut_off() -> None:
    def fail(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise BrokenError

    assert (await noted(says(START, part(b"four")), sent=fail)).ending is Ending.CUT_OFF


async def test_an_exchange_is_there_before_its_last_byte() -> None:
    """Whoever has the answer finds it in the journal."""
    book = Book()
    endings: list[Ending] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        endings.append(next(iter(book)).ending)

    scope = {"type": "http", "method": "GET", "path": "/v1/customers", "query_string": b"", "headers": []}
    await Journal(says(START, part(b"four")), book, HandClock(), Operations([]))(scope, receive, send)
    assert endings == [Ending.OPEN, Ending.COMPLETE]


async def test_of_long_bodies_the_beginning_is_kept_and_the_size_told() -> None:
    long = b"x" * (MOST_OF_A_BODY - 10)
    exchange = await noted(says({**START, "headers": []}, part(long, more=True), part(long)), long, long)
    assert (len(exchange.body), exchange.body_size) == (MOST_OF_A_BODY, 2 * len(long))
    assert (len(exchange.answer_body), exchange.answer_size) == (MOST_OF_A_BODY, 2 * len(long))


@pytest.mark.parametrize(
    ("headers", "path", "query"),
    [
        ([(b"referer", b"http://[")], "/v1/x", b""),
        ([(b"authorization", b"Bearer " + b"." * 3)], "/v1/x", b"%ff%00=%"),
        ([(b"authorization", b"Bearer eyJ.eyJ4Ijo.")], "/", b"\xff"),
        ([(b"authorization", b"")], "", b""),
        ([(b"\xff", b"\xff\r\nx: y"), (b"a", b"1"), (b"a", b"2")], "//v1//v1/\udcff", b"token=&&&"),
    ],
)
async def test_hostile_requests_pass(headers: list[tuple[bytes, bytes]], path: str, query: bytes) -> None:
    """Whatever is asked, it is handed on; noting it never fails."""
    book = Book()
    passed: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b'{"password": \xff'}

    async def send(message: Any) -> None:
        passed.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": headers}
    await Journal(says(START, part(b"four")), book, HandClock(), Operations([]))(scope, receive, send)
    assert len(passed) == 2
