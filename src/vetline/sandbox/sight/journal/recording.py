"""The journal as ASGI: everything passes through as it is, and what passed is noted.

It stands outermost, so it notes what the client really got, whatever stands between it and the service. An answer is
noted before its last byte is sent: whoever has the answer finds it in the journal.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Any

from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.clock import Clock, SystemClock
from vetline.sandbox.faults.around import STRUCK
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.exchange import Ending, Exchange
from vetline.sandbox.sight.journal.masking import Mask
from vetline.sandbox.sight.journal.operations import Operations, is_authoritys
from vetline.sandbox.sight.journal.token import TokenReader
from vetline.sandbox.sight.journal.whose import application_in

# Of a body so much is kept; the longest that a client of qualifications sends or gets is a page of customers.
MOST_OF_A_BODY = 16 * 1024

# A request that is refused by its headers has its answer before its body is there; so long the body is waited for.
_PATIENCE_SECONDS = 0.2

# Where in a request's scope its exchange stands, for those behind the journal who have something to note.
EXCHANGE = "vetline.exchange"


class Journal:
    """Notes what passes.

    Parameters:
        app: what is asked.
        book: where it is noted.
        clock: the sandbox's.
        operations: names what is asked for.
    """

    def __init__(self, app: Asgi, book: Book, clock: Clock, operations: Operations) -> None:
        self._app = app
        self._book = book
        self._clock = clock
        self._machine = SystemClock()
        self._operations = operations
        self._mask = Mask()
        self._tokens = TokenReader(self._mask)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and note it."""
        operation = self._operations.name_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if operation is None:
            await self._app(scope, receive, send)
            return
        exchange = self._begun(scope, operation)
        inner = {**scope, EXCHANGE: exchange}
        recording = Recording(exchange, inner, self._book, self._clock, self._mask, receive, send)
        try:
            await self._app(inner, recording.receive, recording.send)
        finally:
            recording.end()

    def _begun(self, scope: Scope, operation: str) -> Exchange:
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        authority = is_authoritys(scope["path"])
        authorization = next((value for name, value in headers if name == b"authorization"), b"")
        exchange = Exchange(
            number=self._book.next_number(),
            at=self._clock.now(),
            machine_at=self._machine.now(),
            begun=monotonic(),
            method=scope["method"],
            path=scope["path"],
            query=self._mask.query(scope["query_string"], authority=authority),
            operation=operation,
            head=self._mask.head(headers, authority=authority),
            caller=self._tokens.caller(authorization),
        )
        self._book.begin(exchange)
        return exchange


class Recording:
    """One exchange while it happens.

    Parameters:
        exchange: what is noted of it.
        scope: the request's, in which faults say that they have struck.
        book: told when it has ended.
        clock: the sandbox's.
        mask: masks secrets.
        receive, send: the server's.
    """

    def __init__(
        self, exchange: Exchange, scope: Scope, book: Book, clock: Clock, mask: Mask, receive: Receive, send: Send
    ) -> None:
        self._exchange = exchange
        self._scope = scope
        self._book = book
        self._clock = clock
        self._mask = mask
        self._receive = receive
        self._send = send
        self._begin = bytearray()
        self._answer = bytearray()
        self._answer_headers: Sequence[tuple[bytes, bytes]] = ()
        self._early: deque[Any] = deque()
        self._is_in = not _sends_a_body(scope["headers"])
        self._ended = False

    async def receive(self) -> Any:
        """Pass on what comes in."""
        return self._early.popleft() if self._early else await self._received()

    async def _received(self) -> Any:
        message = await self._receive()
        if part := message.get("body"):
            self._exchange.body_size += len(part)
            _keep(self._begin, part)
        self._is_in = not message.get("more_body")
        return message

    async def _take_in(self) -> None:
        """Take in what is kept of the body before the answer goes out: the server forgets what comes after that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not self._is_in and len(self._begin) < MOST_OF_A_BODY:
                    self._early.append(await self._received())

    async def send(self, message: Any) -> None:
        """Pass on what goes out."""
        if message["type"] == "http.response.start":
            await self._take_in()
            self._exchange.status = message["status"]
            self._answer_headers = [*message.get("headers", ())]
        elif message["type"] == "http.response.body":
            part = message.get("body", b"")
            self._exchange.answer_size += len(part)
            _keep(self._answer, part)
            promised = self._promised()
            if not self._ended and (self._exchange.answer_size == promised or not message.get("more_body")):
                self._note(Ending.CUT_OFF if self._exchange.answer_size < (promised or 0) else Ending.COMPLETE)
        try:
            await self._send(message)
        except BaseException:
            self._exchange.ending = Ending.CUT_OFF
            raise

    def end(self) -> None:
        """Note the end, when no last byte was sent."""
        if not self._ended:
            self._note(Ending.CUT_OFF if self._exchange.status else Ending.UNANSWERED)

    def _promised(self) -> int | None:
        """Return how long the answer's body is; `None` when it does not say."""
        if self._exchange.method == "HEAD" or self._exchange.status == HTTPStatus.NO_CONTENT:
            return 0
        length = next((value for name, value in self._answer_headers if name.lower() == b"content-length"), b"")
        return int(length) if length.isdigit() else None

    def _note(self, ending: Ending) -> None:
        exchange, mask, authority = self._exchange, self._mask, is_authoritys(self._exchange.path)
        self._ended = True
        exchange.fault = self._scope.get(STRUCK, {}).get("kind", "")
        kind = exchange.header("content-type").encode("latin-1").lower()
        if authority and not exchange.caller.application:
            exchange.caller = application_in(exchange.caller, bytes(self._begin))
        exchange.body = mask.body(bytes(self._begin), kind, authority=authority)
        exchange.answer_head = mask.head(self._answer_headers, authority=authority) if self._answer_headers else b""
        exchange.answer_body = mask.body(bytes(self._answer), b"", authority=authority)
        exchange.ending, exchange.ended, exchange.ended_at = ending, monotonic(), self._clock.now()
        self._book.end(exchange)


def _sends_a_body(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Return whether a body comes unasked: who waits for leave to send it would be given that by taking it in."""
    given = dict(headers)
    return (given.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in given) and b"expect" not in given


def _keep(kept: bytearray, part: bytes) -> None:
    if (room := MOST_OF_A_BODY - len(kept)) > 0:
        kept += part[:room]
