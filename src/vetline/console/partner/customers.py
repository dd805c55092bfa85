"""A partner's customers: searched, paged, each with how it stands."""

from urllib.parse import urlencode

from starlette.responses import Response

from vetline.console.failing import NotHereError
from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.customers import CustomerDesk
from vetline.store.records import CustomerQuery, Place
from vetline.wire.paths import guid_of

PAGE = 25
_LONGEST_SEARCH = 200


class CustomerPages:
    """The list.

    Parameters:
        desk: finds them, and tells how they stand.
        renderer: makes pages.
    """

    def __init__(self, desk: CustomerDesk, renderer: Renderer) -> None:
        self._desk = desk
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [PageRoute("/customers", self.list, Needs.PARTNER)]

    async def list(self, visit: Visit) -> Response:
        """Answer with a page of the list, or with what a search finds."""
        search = visit.query.get("q", "").strip()[:_LONGEST_SEARCH]
        values = await (self._found(visit, search) if search else self._listed(visit))
        if visit.partial:
            return self._renderer.part(visit, "partner/customers.html", "found", search=search, **values)
        return self._renderer.page(visit, "partner/customers.html", search=search, **values)

    async def _found(self, visit: Visit, search: str) -> dict[str, object]:
        found = await self._desk.find(visit.person.tenant, search, PAGE)
        return {"rows": found.customers, "more": found.more, "before": None, "after": None}

    async def _listed(self, visit: Visit) -> dict[str, object]:
        query = CustomerQuery(PAGE, before=_place(visit, "before"), after=_place(visit, "after"))
        page = await self._desk.listing(visit.person.tenant, query)
        return {
            "rows": page.customers,
            "more": False,
            "before": self._address("before", page.before),
            "after": self._address("after", page.after),
        }

    def _address(self, way: str, place: Place | None) -> str | None:
        return None if place is None else self._renderer.url(f"/customers?{urlencode({way: place[1], 'of': place[0]})}")


def _place(visit: Visit, way: str) -> Place | None:
    """Return the place in the list that the address names.

    Raises:
        NotHereError: it names none that a list can have.
    """
    text = visit.query.get(way)
    if text is None:
        return None
    customer = guid_of(text)
    if customer is None:
        raise NotHereError
    return visit.query.get("of", ""), customer
