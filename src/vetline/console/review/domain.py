"""Cases at one domain, decided together: each by itself, so that one that changed meanwhile is left alone."""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from vetline.console.rendering import Renderer
from vetline.console.review.deciding import command_of, note_of, version_of
from vetline.console.review.naming import key_of
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.queue import QueueDesk
from vetline.desk.reviewer import ReviewDesk
from vetline.store.queue import CaseKey, QueueFilter, QueuePage
from vetline.vetting.decision import Decision
from vetline.vetting.words import Reason

TOGETHER = 100
_LONGEST_NAME = 253  # of a domain: RFC 1035, section 2.3.4


class DomainPages:
    """The page and its form.

    Parameters:
        review: decides.
        queue: what waits.
        renderer: makes pages.
    """

    def __init__(self, review: ReviewDesk, queue: QueueDesk, renderer: Renderer) -> None:
        self._review = review
        self._queue = queue
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/domains/{domain}", self.domain, Needs.REVIEWER),
            PageRoute("/domains/{domain}", self.decide, Needs.REVIEWER, "POST"),
        ]

    async def domain(self, visit: Visit) -> Response:
        """Answer with what waits at a domain."""
        return await self._page(visit)

    async def decide(self, visit: Visit) -> Response:
        """Decide what is ticked, and say how many were decided and how many left alone."""
        versions = _picked(visit.chosen.get("case", ()))
        if not versions:
            return await self._page(visit, visit.texts("review.domain.nothing"))
        command, domain = command_of(visit.form, visit.person.actor), visit.parameter("domain")
        came = await self._review.decide_at_domain(domain, versions, command, undo=True)
        decided = sum(isinstance(one, Decision) for one in came.values())
        counts = f"decided={decided}&left={len(came) - decided}"
        return RedirectResponse(self._renderer.url(f"/domains/{quote(domain, safe='')}?{counts}"), 303)

    async def _page(self, visit: Visit, problem: str = "") -> Response:
        domain = visit.parameter("domain")[:_LONGEST_NAME]
        page = await self._queue.page(QueueFilter(domain=domain), QueuePage(TOGETHER))
        return self._renderer.answer(
            visit,
            "review/domain.html",
            400 if problem else 200,
            domain=domain,
            rows=page.rows,
            problem=problem,
            note=note_of(visit.form),
            picked=visit.chosen.get("case", ()),
            reasons=tuple(Reason),
            decided=_number(visit, "decided"),
            left=_number(visit, "left"),
            settling=await self._review.undoable(visit.person.actor),
        )


def _picked(values: Sequence[str]) -> dict[CaseKey, int]:
    """Return the cases that were ticked, each with the version that was seen.

    Raises:
        HTTPException, NotHereError: a value names no case.
    """
    found = {}
    for value in values[:TOGETHER]:
        parts = value.split("/")
        if len(parts) != 4:
            raise HTTPException(400)
        found[key_of(*parts[:3])] = version_of({"version": parts[3]})
    return found


def _number(visit: Visit, name: str) -> int:
    text = visit.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
