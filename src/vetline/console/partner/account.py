"""One customer: who it is, its special qualifications, and what happened to each."""

from starlette.responses import Response

from vetline.console.failing import NotHereError
from vetline.console.partner.naming import customer_in, programme_in
from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.account import AccountDesk
from vetline.desk.permissions import Permissions
from vetline.vetting.words import Programme


class AccountPages:
    """The account and its histories.

    Parameters:
        desk: what a partner sees of a customer.
        permissions: who may ask for what.
        renderer: makes pages.
    """

    def __init__(self, desk: AccountDesk, permissions: Permissions, renderer: Renderer) -> None:
        self._desk = desk
        self._permissions = permissions
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/customers/{customer}", self.account, Needs.PARTNER),
            PageRoute("/customers/{customer}/cases/{programme}", self.case, Needs.PARTNER),
        ]

    async def account(self, visit: Visit) -> Response:
        """Answer with Customer Account Info and Special qualifications."""
        account = await self._desk.open(visit.person.tenant, customer_in(visit))
        roles = visit.person.roles
        values = {"account": account, "allowed": {one for one in Programme if self._permissions.allow(one, roles)}}
        if visit.partial:  # the page looks again from time to time while something is in review
            return self._renderer.part(visit, "partner/account.html", "special", **values)
        return self._renderer.page(visit, "partner/account.html", **values)

    async def case(self, visit: Visit) -> Response:
        """Answer with what happened to a case: what a partner may know, which is no note and no reviewer's name."""
        partner, customer, programme = visit.person.tenant, customer_in(visit), programme_in(visit)
        account = await self._desk.open(partner, customer)
        history = await self._desk.history(partner, customer, programme)
        if not history:
            raise NotHereError
        values = {"account": account, "prospect": account.prospect(programme), "history": history}
        return self._renderer.page(visit, "partner/case.html", **values)
