"""The journal as it happens, in server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html"""

import json
from collections.abc import AsyncIterator

from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.criteria import Criteria
from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.sandbox.sight.journal.showing import brief

MOST_FOLLOWERS = 20

# A line that means nothing, so that whoever stands between does not take the silence for the end.
_SILENCE_SECONDS = 15.0
_NOTHING = ": nothing happened\n\n"


async def events(book: Book, criteria: Criteria) -> AsyncIterator[str]:
    """Yield an event for each exchange from now on that meets all criteria, until the book is closed."""
    with book.follower() as follower:
        yield ": from here on\n\n"
        while True:
            try:
                exchange = await follower.next(_SILENCE_SECONDS)
            except StopAsyncIteration:
                return
            if follower.missed:
                yield f"event: missed\ndata: {follower.missed}\n\n"
                follower.missed = 0
            if exchange is None:
                yield _NOTHING
            elif criteria.met_by(exchange):
                yield _event(exchange)


def _event(exchange: Exchange) -> str:
    return f"event: exchange\nid: {exchange.number}\ndata: {json.dumps(brief(exchange))}\n\n"
