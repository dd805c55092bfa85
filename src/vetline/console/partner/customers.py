"""A partner's customers: searched, paged, each with how it stands."""

from starlette.responses import Response

from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.account import AccountDesk
from vetline.desk.customers import CustomerDesk
from vetline.store.records import CustomerQuery

PAGE = 25


class CustomerPages:
    """The list.

    Parameters:
        customers: finds them.
        account: tells how they stand.
        renderer: makes pages.
    """

    def __init__(self, customers: CustomerDesk, account: AccountDesk, renderer: Renderer) -> None:
        self._customers = customers
        self._account = account
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [PageRoute("/customers", self.list, Needs.PARTNER)]

    async def list(self, visit: Visit) -> Response:
        """Answer with a page of the list, or with what a search finds."""
        found = await self._customers.page(visit.person.tenant, CustomerQuery(PAGE))
        rows = list(zip(found, await self._account.standings(found), strict=True))
        values = {"rows": rows, "search": "", "before": None, "after": None, "more": False}
        if visit.partial:
            return self._renderer.part(visit, "partner/customers.html", "found", **values)
        return self._renderer.page(visit, "partner/customers.html", **values)
