"""Probes in the way of answers: each strikes the next look of a client that has seen the same case open before."""

from collections.abc import Iterable, MutableMapping
from time import monotonic
from typing import Any

from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.sandbox.sight.journal.recording import EXCHANGE
from vetline.sandbox.sight.scorecard.call import is_look, shows_open_review
from vetline.sandbox.sight.scorecard.moment import Moment, Tried
from vetline.sandbox.sight.scorecard.rewriting import rewritten

PATIENCE_SECONDS = 15.0


class Probes:
    """Which probes are still to strike.

    Parameters:
        book: tells whether a client has seen a case open before.

    Attributes:
        tried: what receivers of webhooks answered when they were tried.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self.waiting: list[str] = []
        self.patience = PATIENCE_SECONDS
        self.tried: tuple[Tried, ...] = ()

    def begin(self, kinds: Iterable[str], patience: float) -> None:
        """Let probes strike, one answer each, in this order."""
        self.waiting = [*kinds]
        self.patience = patience

    def end(self) -> None:
        """Let none strike any more; a client that has not come back by now will not."""
        self.waiting = []
        self.patience = 0.0

    def forget(self) -> None:
        """Begin anew."""
        self.begin((), PATIENCE_SECONDS)
        self.tried = ()

    def now(self) -> Moment:
        """Return the moment at which a client is judged."""
        return Moment(monotonic(), self.patience, self.tried)

    def around(self, app: Asgi) -> Asgi:
        """Return an application whose answers the probes change."""

        async def probed(scope: Scope, receive: Receive, send: Send) -> None:
            exchange = scope.get(EXCHANGE) if self.waiting else None
            if exchange is None or not self._looks_again(exchange):
                await app(scope, receive, send)
                return
            await app(scope, receive, Held(self, exchange, send).send)

        return probed

    def strike(self, exchange: Exchange, body: bytes) -> bytes:
        """Return the answer as the next probe has it, or as it is."""
        found = rewritten(self.waiting[0], body) if self.waiting else None
        if found is None:
            return body
        exchange.probe = self.waiting.pop(0)
        return found

    def _looks_again(self, exchange: Exchange) -> bool:
        if not is_look(exchange):
            return False
        before = (one for one in reversed(self._book) if one is not exchange and one.path == exchange.path)
        return any(one.client == exchange.client and shows_open_review(one) for one in before)


class Held:
    """An answer that is held until it is whole, and may then be changed.

    Parameters:
        probes: change it.
        exchange: whose answer it is.
        send: the server's.
    """

    def __init__(self, probes: Probes, exchange: Exchange, send: Send) -> None:
        self._probes = probes
        self._exchange = exchange
        self._send = send
        self._start: MutableMapping[str, Any] = {}
        self._body = b""

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Keep a part of the answer, and send it when it was the last."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._probes.strike(self._exchange, self._body) if self._start["status"] == 200 else self._body
        headers = [one for one in self._start.get("headers", ()) if one[0].lower() != b"content-length"]
        await self._send({**self._start, "headers": [*headers, (b"content-length", b"%d" % len(body))]})
        await self._send({"type": "http.response.body", "body": body})
