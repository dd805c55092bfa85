"""The queue: what waits for a person, filtered and leafed through, and the next case of it."""

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from vetline.console.rendering import Renderer
from vetline.console.review.facets import facets_of
from vetline.console.review.filters import MINE, Filters, filters_in, filters_of, page_of, place_text
from vetline.console.review.naming import path_of, reviewer_of
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.queue import QueueDesk, QueueRow
from vetline.desk.reviewer import ReviewDesk
from vetline.store.queue import Place, QueuePage

PAGE = 25


class QueuePages:
    """The list, and the way to the next case.

    Parameters:
        queue: what waits.
        review: what can still be undone.
        renderer: makes pages.
    """

    def __init__(self, queue: QueueDesk, review: ReviewDesk, renderer: Renderer) -> None:
        self._queue = queue
        self._review = review
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/queue", self.list, Needs.REVIEWER),
            PageRoute("/next", self.next, Needs.REVIEWER, "POST"),
            PageRoute("/decisions", self.pending, Needs.REVIEWER),
        ]

    async def list(self, visit: Visit) -> Response:
        """Answer with a page of the queue."""
        filters, actor = filters_of(visit.query), visit.person.actor
        if visit.partial and "uncounted" in visit.query:
            return await self._totals(actor)
        page = await self._queue.page(filters.wanted(actor), page_of(visit.query, PAGE), overdue=bool(filters.overdue))
        values: dict[str, object] = {
            "rows": [self._row(row, actor) for row in page.rows],
            "filters": filters,
            "before": self._address(filters, "before", page.before),
            "after": self._address(filters, "after", page.after),
        }
        if visit.partial:
            return self._renderer.part(visit, "review/queue.html", "found", **values)
        facets = facets_of(await self._queue.overview(actor), filters, visit.texts)
        settling = await self._review.undoable(actor)
        return self._renderer.page(visit, "review/queue.html", facets=facets, settling=settling, **values)

    async def next(self, visit: Visit) -> Response:
        """Take the next case that fits, and lead to it; to the queue when there is none."""
        filters = filters_in(visit.form.get("filters", ""))
        return RedirectResponse(await self.next_address(visit, filters, visit.form.get("skip", "")), 303)

    async def next_address(self, visit: Visit, filters: Filters, skip: str = "") -> str:
        """Return where the next case is.

        Parameters:
            filters: which cases.
            skip: the path of the case that is being left.
        """
        path = await self._next_path(visit, filters, skip)
        return self._renderer.url(f"/cases/{path}{filters.question}" if path else f"/queue{filters.question}")

    async def pending(self, visit: Visit) -> Response:
        """Answer with the decisions that are not in effect yet: one's own, and those that wait for a second person."""
        waiting = await self._queue.page(Filters(second="1").wanted(""), QueuePage(PAGE * 4))
        settling = await self._review.undoable(visit.person.actor)
        return self._renderer.page(visit, "review/decisions.html", rows=waiting.rows, settling=settling)

    async def _totals(self, actor: str) -> Response:
        """Have a page that was shown without totals loaded anew when they are there."""
        is_there = (await self._queue.overview(actor)).counts is not None
        return Response(headers={"hx-refresh": "true"}) if is_there else Response(status_code=204)

    async def _next_path(self, visit: Visit, filters: Filters, skip: str) -> str:
        wanted, overdue = filters.wanted(visit.person.actor), bool(filters.overdue)
        if filters.whose == MINE:
            page = await self._queue.page(wanted, QueuePage(PAGE), overdue=overdue)
            return next((path for row in page.rows if (path := path_of(row.case)) != skip), "")
        found = await self._queue.take_next(wanted, reviewer_of(visit.person), overdue=overdue)
        return path_of(found.case) if found else ""

    def _row(self, row: QueueRow, actor: str) -> dict[str, object]:
        holder = row.assignment
        return {
            "case": row.case,
            "customer": row.customer,
            "due_at": row.due,
            "holder": holder.name if holder else "",
            "mine": holder is not None and holder.actor == actor,
        }

    def _address(self, filters: Filters, way: str, place: Place | None) -> str | None:
        if place is None:
            return None
        query = urlencode({way: place_text(place)})
        return self._renderer.url(f"/queue?{filters.text}{'&' if filters.text else ''}{query}")
