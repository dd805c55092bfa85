"""The pages of the journal and the scorecard. Their addresses end with a slash; without it there is the JSON.

They are relative, for a world's pages stand below `/sandbox/worlds/{id}/`, and it does not know of that.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from vetline.api.shared_route import SharedRoute
from vetline.console.headers import protect
from vetline.sandbox.control.requests import check_local
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.control import found_in
from vetline.sandbox.sight.journal.criteria import Criteria
from vetline.sandbox.sight.journal.recording import MOST_OF_A_BODY
from vetline.sandbox.sight.journal.showing import headers_in, milliseconds
from vetline.sandbox.sight.scorecard.probing import Probes
from vetline.wire.faults import FaultError

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_SHOWN = 200


class SightPages:
    """What people look at.

    Parameters:
        book: the journal.
        probes: say when a client is judged.
    """

    def __init__(self, book: Book, probes: Probes) -> None:
        self._book = book
        self._probes = probes

    def routes(self) -> list[BaseRoute]:
        """Return the pages, and their files."""
        return [
            SharedRoute("/sandbox/journal/", self.journal),
            SharedRoute("/sandbox/journal/{number:int}/", self.exchange),
            SharedRoute("/sandbox/scorecard/", self.scorecard),
            _files(),
        ]

    async def journal(self, request: Request) -> Response:
        """Show the latest exchanges that meet the filter, the newest first."""
        check_local(request)
        asked = dict(request.query_params)
        found, problem = [], ""
        try:
            criteria = Criteria(request.query_params.multi_items())
            found = [one for one in reversed(self._book) if criteria.met_by(one)]
        except FaultError as error:
            problem = error.description
        return _page(
            "journal.html",
            "../",
            here="journal",
            asked={name: asked.get(name, "") for name in ("method", "path", "status", "client", "bodyContains")},
            question=_question(asked),
            problem=problem,
            found=len(found),
            shown=found[:_SHOWN],
            kept=len(self._book),
            forgotten=self._book.forgotten,
        )

    async def exchange(self, request: Request) -> Response:
        """Show one exchange."""
        check_local(request)
        one = found_in(self._book, request)
        numbers = [each.number for each in self._book]
        place = numbers.index(one.number)
        before, after = numbers[place - 1 : place], numbers[place + 1 : place + 2]
        return _page(
            "exchange.html",
            "../../",
            here="",
            one=one,
            most=MOST_OF_A_BODY,
            before=before[0] if before else None,
            after=after[0] if after else None,
        )

    async def scorecard(self, request: Request) -> Response:
        """Show the scorecard."""
        from vetline.sandbox.sight.scorecard.card import card_of  # with its rules

        check_local(request)
        client = request.query_params.get("client", "")[:500]
        card = card_of(self._book, self._probes.now(), client)
        return _page("scorecard.html", "../", here="scorecard", card=card, question=_question({"client": client}))


def _page(template: str, up: str, **values: object) -> Response:
    response = HTMLResponse(_environment().get_template(template).render(up=up, **values))
    protect(response.headers)
    return response


@cache
def _environment() -> "Environment":
    # No test suite waits for what it does not look at.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from vetline.console.app import ROOT
    from vetline.console.rendering import Renderer

    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # One look for all pages: the stylesheet is the console's.
    found.globals |= {
        "static": Renderer(ROOT, {}).static,
        "milliseconds": milliseconds,
        "headers_in": headers_in,
        "readable": _readable,
    }
    return found


@cache
def _files() -> Mount:
    return Mount("/sandbox/sight", StaticFiles(directory=_HERE / "static"))


def _readable(body: bytes) -> str:
    """Return a body as people read it: JSON on several lines."""
    text = body.decode("utf-8", "replace")
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return json.dumps(value, indent=2, ensure_ascii=False)


def _question(asked: Mapping[str, str]) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(given)}" if given else ""
