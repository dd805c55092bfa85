"""The pages of signing in and out: to the issuer, back from it, and what to do next when it comes to nothing."""

import hmac
from urllib.parse import urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from vetline.console.entrance import Entrance
from vetline.console.pending import Pending
from vetline.console.person import Person
from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.console.way_back import ROOT, way_back
from vetline.identity.relying_party import refusal_of
from vetline.identity.signing_in import SignInProblem, SignInRefused
from vetline.logs import get_logger

log = get_logger("vetline.console")

_STATUS = {
    SignInProblem.UNREACHABLE: 503,
    SignInProblem.MISCONFIGURED: 500,
    SignInProblem.CLOCK: 500,
    SignInProblem.DECLINED: 403,
    SignInProblem.CONSENT: 403,
    SignInProblem.USED_UP: 400,
    SignInProblem.NOT_BELIEVED: 400,
    SignInProblem.WITHOUT_MFA: 403,
}
_OPERATORS_TASK = {SignInProblem.UNREACHABLE, SignInProblem.MISCONFIGURED, SignInProblem.CLOCK}


class SignInPages:
    """Signing in and out.

    Parameters:
        entrance: the way in.
        renderer: makes pages.
    """

    def __init__(self, entrance: Entrance, renderer: Renderer) -> None:
        self._entrance = entrance
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/sign-in", self.sign_in, Needs.ANYONE),
            PageRoute("/signed-in", self.signed_in, Needs.ANYONE),
            PageRoute("/sign-out", self.sign_out, Needs.ANYONE, method="POST"),
        ]

    async def sign_in(self, visit: Visit) -> Response:
        """Send the visitor to the issuer, and have their browser remember that it began this."""
        if self._is_elsewhere(visit):
            return RedirectResponse(
                f"{self._entrance.url}/console/sign-in?{urlencode({**visit.query, 'here': '1'})}", 303
            )
        pending = self._entrance.pending.begin(way_back(visit.query.get("next", "")))
        choosing = visit.query.get("other") == "1"
        try:
            address = await self._entrance.party.address(pending.attempt, visit.now, choosing=choosing)
        except SignInRefused as refused:
            return self._refused(visit, refused, pending.way_back)
        response = RedirectResponse(address, 303)
        self._entrance.pending.give(response, pending)
        return response

    async def signed_in(self, visit: Visit) -> Response:
        """Take whoever comes back from the issuer, and begin a session."""
        pending = self._pending(visit)
        if pending is None:
            return self._page(visit, "begun_elsewhere", 400)
        response = await self._outcome(visit, pending)
        self._entrance.pending.take_away(response)
        return response

    async def sign_out(self, visit: Visit) -> Response:
        """End the session for everybody who holds its cookie, and offer to sign out of the issuer too."""
        if visit.session is not None:
            await self._entrance.sessions.end(visit.session)
            log.info("signed out", tenant=visit.person.tenant, actor=visit.person.actor)
            visit.session = None
        address = await self._entrance.party.sign_out_address(visit.now)
        response = self._renderer.page(visit, "sign_in/signed_out.html", issuer=address)
        self._entrance.sessions.take_away(response)
        return response

    def _is_elsewhere(self, visit: Visit) -> bool:
        """Whether the browser knows us by another name, to which the issuer would not bring it back.

        Behind a proxy that renames us it always looks so: hence once is enough.
        """
        host = urlsplit(self._entrance.url).netloc
        return visit.request.headers.get("host", host).lower() != host.lower() and "here" not in visit.query

    def _pending(self, visit: Visit) -> Pending | None:
        pending = self._entrance.pending.find(visit.request.cookies)
        state = visit.query.get("state", "").encode("utf-8", "surrogatepass")
        return pending if pending and hmac.compare_digest(state, pending.attempt.state.encode()) else None

    async def _outcome(self, visit: Visit, pending: Pending) -> Response:
        try:
            if "code" not in visit.query:
                raise refusal_of(visit.query.get("error", ""), visit.query.get("error_description", ""))
            found = await self._entrance.party.redeem(visit.query["code"], pending.attempt, visit.now)
        except SignInRefused as refused:
            return self._refused(visit, refused, pending.way_back)
        person = self._entrance.admit(found)
        if person is None:
            log.warning("sign-in refused", problem="not-served", tenant=found.tenant)
            return self._page(visit, "not_served", 403, who=found.name)
        return await self._begun(visit, person, pending.way_back)

    async def _begun(self, visit: Visit, person: Person, address: str) -> Response:
        if visit.session is not None:
            await self._entrance.sessions.end(visit.session)
        response = RedirectResponse(address, 303)
        self._entrance.sessions.give(response, self._entrance.sessions.begin(person))
        log.info("signed in", tenant=person.tenant, actor=person.actor)
        return response

    def _refused(self, visit: Visit, refused: SignInRefused, address: str) -> Response:
        tell = log.error if refused.problem in _OPERATORS_TASK else log.warning
        tell("sign-in refused", problem=refused.problem.value, detail=refused.detail)
        return self._page(visit, refused.problem.name.lower(), _STATUS[refused.problem], address=address)

    def _page(self, visit: Visit, problem: str, status: int, who: str = "", address: str = ROOT) -> Response:
        again = urlencode({"next": address})
        return self._renderer.answer(visit, "sign_in/refused.html", status, problem=problem, who=who, again=again)
