"""The control routes of the scorecard: as JSON, as JUnit XML, and the probes."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.clock import Clock
from vetline.sandbox.control.requests import bad, check_local, members_of
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.scorecard.probing import PATIENCE_SECONDS, Probes
from vetline.sandbox.sight.scorecard.receivers import Receivers
from vetline.sandbox.sight.scorecard.rewriting import PROBES
from vetline.wire.reading import Members

if TYPE_CHECKING:
    from vetline.sandbox.sight.scorecard.card import Card

WRONG_SIGNATURE: Final = "wrongSignature"
_KINDS = (*PROBES, WRONG_SIGNATURE)
_LONGEST_PATIENCE = 3600.0


class ScorecardControl:
    """What a test may ask of the scorecard.

    Parameters:
        book: the journal.
        probes: what changes answers.
        receivers: those of webhooks.
        clock: the world's.
    """

    def __init__(self, book: Book, probes: Probes, receivers: Receivers, clock: Clock) -> None:
        self._book = book
        self._probes = probes
        self._receivers = receivers
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/scorecard", self.show, methods=["GET"]),
            SharedRoute("/sandbox/scorecard.xml", self.xml, methods=["GET"]),
            SharedRoute("/sandbox/scorecard/probes", self.probes, methods=["GET"]),
            SharedRoute("/sandbox/scorecard/probes", self.begin, methods=["POST"]),
            SharedRoute("/sandbox/scorecard/probes", self.end, methods=["DELETE"]),
        ]

    def card(self, request: Request) -> "Card":
        """Return the scorecard that a request asks for; its rules are loaded with the first."""
        from vetline.sandbox.sight.scorecard.card import card_of

        return card_of(self._book, self._probes.now(), request.query_params.get("client", "")[:500])

    async def show(self, request: Request) -> Response:
        """Answer with the scorecard."""
        check_local(request)
        from vetline.sandbox.sight.scorecard.members import members_in

        return JSONResponse(members_in(self.card(request)))

    async def xml(self, request: Request) -> Response:
        """Answer with the scorecard in the form of test results."""
        check_local(request)
        from vetline.sandbox.sight.scorecard.junit import junit  # with the first who reads XML

        return Response(junit(self.card(request), self._clock.now()), media_type="application/xml")

    async def probes(self, request: Request) -> Response:
        """Answer with the probes that have not struck yet."""
        check_local(request)
        return self._waiting()

    async def begin(self, request: Request) -> Response:
        """Let probes strike the next answers to a client that looks again; receivers of webhooks are tried at once."""
        members = await members_of(request)
        kinds, patience = _kinds(members), _patience(members)
        self._probes.begin([one for one in kinds if one in PROBES], patience)
        if WRONG_SIGNATURE in kinds:
            self._probes.tried = await self._receivers.tried()
        return self._waiting()

    async def end(self, request: Request) -> Response:
        """Let no probe strike any more, and judge by what has happened."""
        check_local(request)
        self._probes.end()
        return Response(status_code=204)

    def _waiting(self) -> Response:
        return JSONResponse({"waiting": self._probes.waiting, "patienceSeconds": self._probes.patience})


def _kinds(members: Members) -> list[str]:
    given = members.get("probes", list(_KINDS))
    if not isinstance(given, list) or not given or not all(isinstance(one, str) and one in _KINDS for one in given):
        raise bad(f"probes must be a list of some of {', '.join(_KINDS)}.")
    return given[: 10 * len(_KINDS)]


def _patience(members: Members) -> float:
    value = members.get("patienceseconds", PATIENCE_SECONDS)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_PATIENCE:
        raise bad(f"patienceSeconds must be a number from 0 to {_LONGEST_PATIENCE:.0f}.")
    return float(value)
