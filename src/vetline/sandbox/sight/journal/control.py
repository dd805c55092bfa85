"""The control routes of the journal: search it, count and verify in it, follow it, empty it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.sandbox.control.requests import bad, check_local, members_of
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.criteria import Criteria, pairs_in
from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.sandbox.sight.journal.showing import told
from vetline.sandbox.sight.journal.streaming import MOST_FOLLOWERS, events
from vetline.sandbox.sight.journal.verifying import NOT_VERIFIED, complaint, times_in
from vetline.wire import faults
from vetline.wire.faults import FaultError

USUAL = 100
MOST = 1_000


class JournalControl:
    """What a test may ask of the journal.

    Parameters:
        book: where it is kept.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/journal", self.search, methods=["GET"]),
            SharedRoute("/sandbox/journal", self.clear, methods=["DELETE"]),
            SharedRoute("/sandbox/journal/count", self.count, methods=["POST"]),
            SharedRoute("/sandbox/journal/verify", self.verify, methods=["POST"]),
            SharedRoute("/sandbox/journal/stream", self.stream, methods=["GET"]),
            SharedRoute("/sandbox/journal/{number:int}", self.one, methods=["GET"]),
        ]

    async def search(self, request: Request) -> Response:
        """Answer with the latest exchanges that meet all criteria, the oldest of them first."""
        check_local(request)
        pairs = request.query_params.multi_items()
        limit = _limit([value for name, value in pairs if name == "limit"])
        found = self._met(Criteria((name, value) for name, value in pairs if name != "limit"))
        shown = found[-limit:] if limit else []
        kept = {"kept": len(self._book), "forgotten": self._book.forgotten}
        return JSONResponse({"found": len(found), **kept, "exchanges": [told(one) for one in shown]})

    async def one(self, request: Request) -> Response:
        """Answer with one exchange."""
        check_local(request)
        return JSONResponse(told(found_in(self._book, request)))

    async def clear(self, request: Request) -> Response:
        """Empty the journal."""
        check_local(request)
        self._book.clear()
        return Response(status_code=204)

    async def count(self, request: Request) -> Response:
        """Answer how many exchanges meet all criteria."""
        criteria = Criteria(pairs_in(await members_of(request)))
        return JSONResponse({"count": len(self._met(criteria))})

    async def verify(self, request: Request) -> Response:
        """Answer 200 when something was asked as often as expected, else 406 with what was asked instead."""
        members = await members_of(request)
        times = times_in(members)
        criteria = Criteria(pairs_in(members))
        met = self._met(criteria)
        if len(met) not in times:
            raise FaultError(NOT_VERIFIED, complaint(times, met, self._book, criteria))
        return JSONResponse({"count": len(met), "numbers": [one.number for one in met[-MOST:]]})

    async def stream(self, request: Request) -> Response:
        """Answer with server-sent events: each exchange that meets all criteria, when it has ended."""
        check_local(request)
        if self._book.followers >= MOST_FOLLOWERS:
            raise bad(f"{MOST_FOLLOWERS} follow the journal already: end one of them.")
        found = events(self._book, Criteria(request.query_params.multi_items()))
        return StreamingResponse(found, media_type="text/event-stream", headers={"cache-control": "no-store"})

    def _met(self, criteria: Criteria) -> list[Exchange]:
        return [one for one in self._book if criteria.met_by(one)]


def found_in(book: Book, request: Request) -> Exchange:
    """Return the exchange that an address names.

    Raises:
        FaultError: NotFound.
    """
    found = book.find(request.path_params["number"])
    if found is None:
        raise FaultError(faults.NOT_FOUND, "Not found: no such exchange is kept. /sandbox/journal lists what is.")
    return found


def _limit(given: list[str]) -> int:
    if not given:
        return USUAL
    if not (given[0].isascii() and given[0].isdigit() and int(given[0][:9]) <= MOST):
        raise bad(f"limit must be a number from 0 to {MOST}.")
    return int(given[0])
