"""Asking for a qualification: a form, a look at what would come of it, and the sending.

The look changes nothing, so it is a GET: it can be loaded again and come back to, and the way back from what was sent
never asks whether to send again.
"""

from starlette.responses import RedirectResponse, Response

from vetline.console.failing import NotForYouError
from vetline.console.partner.asking import Asking, filled
from vetline.console.partner.naming import customer_in, programme_in
from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.account import AccountDesk, Foreseen
from vetline.desk.partner import Outcome, PartnerDesk
from vetline.desk.permissions import Permissions
from vetline.store.port import AlreadyAnsweredError
from vetline.store.records import Remembered
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme

_FORM = "/customers/{customer}/requests/{programme}"


class RequestPages:
    """The form and its two steps.

    Parameters:
        account: tells what would come of a request.
        partner: takes it.
        permissions: who may ask for what.
        renderer: makes pages.
    """

    def __init__(
        self,
        account: AccountDesk,
        partner: PartnerDesk,
        permissions: Permissions,
        renderer: Renderer,
    ) -> None:
        self._account = account
        self._partner = partner
        self._permissions = permissions
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute(_FORM, self.form, Needs.PARTNER),
            PageRoute(f"{_FORM}/check", self.check, Needs.PARTNER),
            PageRoute(_FORM, self.send, Needs.PARTNER, "POST"),
        ]

    async def form(self, visit: Visit) -> Response:
        """Answer with the form: empty, or as it was filled in before something is changed."""
        return await self._form(visit, filled(self._programme(visit), visit.query))

    async def check(self, visit: Visit) -> Response:
        """Answer with what would come of the request; nothing is sent yet."""
        return await self._checked(visit, filled(self._programme(visit), visit.query))

    async def send(self, visit: Visit) -> Response:
        """Ask for the qualification, and lead back to the account; a form sent twice asks once."""
        asking, customer = filled(self._programme(visit), visit.form), customer_in(visit)
        if asking.problems:
            return await self._form(visit, asking, asking.problems)
        person = visit.person

        def seal(outcome: Outcome) -> Remembered | None:
            if isinstance(outcome, Refusal):
                return None
            return Remembered(person.tenant, asking.key(customer), bytes(16), 303, b"", visit.now)

        try:
            outcome = await self._partner.submit(asking.submission(person.tenant, customer, person.actor), seal)
        except AlreadyAnsweredError:
            return self._sent(customer)
        if isinstance(outcome, Refusal) and not await self._partner.has_answered(person.tenant, asking.key(customer)):
            # Somebody else was quicker, or a code ran out since the check: the check says so now.
            return await self._checked(visit, asking)
        return self._sent(customer)

    def _programme(self, visit: Visit) -> Programme:
        """Return what the page is about.

        Raises:
            NotHereError: there is no such programme.
            NotForYouError: somebody with other roles may ask for it.
        """
        programme = programme_in(visit)
        if not self._permissions.allow(programme, visit.person.roles):
            raise NotForYouError
        return programme

    async def _checked(self, visit: Visit, asking: Asking) -> Response:
        if asking.problems:
            return await self._form(visit, asking, asking.problems)
        foreseen = await self._foreseen(visit, asking)
        account = await self._account.open(visit.person.tenant, customer_in(visit))
        values = {"account": account, "asking": asking, "foreseen": foreseen}
        return self._renderer.page(visit, "partner/check.html", **values)

    async def _form(self, visit: Visit, asking: Asking, problems: dict[str, str] | None = None) -> Response:
        partner = visit.person.tenant
        account = await self._account.open(partner, customer_in(visit))
        codes = await self._account.codes(partner) if asking.programme is Programme.GOVERNMENT else ()
        return self._renderer.answer(
            visit,
            "partner/request.html",
            400 if problems else 200,
            account=account,
            asking=asking,
            problems=problems or {},
            codes=codes,
            prospect=account.prospect(asking.programme),
        )

    async def _foreseen(self, visit: Visit, asking: Asking) -> Foreseen:
        return await self._account.foresee(
            visit.person.tenant, customer_in(visit), asking.programme, asking.claim, asking.code
        )

    def _sent(self, customer: str) -> Response:
        return RedirectResponse(self._renderer.url(f"/customers/{customer}?done=requested"), 303)
