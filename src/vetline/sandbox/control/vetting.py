"""The control routes of the vetting: modes for all or for some, decisions by hand, now or beforehand."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.api.translate import FAULTS, PROGRAMME_NAMES, PROGRAMMES, REASON_TEXTS, standing_of, standing_view
from vetline.desk.reviewer import NoSuchCaseError
from vetline.sandbox.control.requests import bad, check_local, guid_member, members_of, programme_member, reason_member
from vetline.sandbox.steering.modes import MODES
from vetline.sandbox.steering.steering import Next, Whom
from vetline.store.port import StoreError
from vetline.store.queue import CaseKey
from vetline.vetting.commands import Approve, Deny
from vetline.vetting.refusals import Refusal
from vetline.wire import faults, words
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.reading import Members, text_member

if TYPE_CHECKING:
    from vetline.sandbox.world import World

_ACTOR = "sandbox"


class VettingControl:
    """What a test may decide of the vetting in its world."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/vetting", self.show, methods=["GET"]),
            SharedRoute("/sandbox/vetting", self.set_mode, methods=["PUT"]),
            SharedRoute("/sandbox/vetting", self.forget, methods=["DELETE"]),
            SharedRoute("/sandbox/decisions", self.decide, methods=["POST"]),
            SharedRoute("/sandbox/decisions/next", self.lay_down, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Answer with the modes, the most particular last, and with the decisions that wait for their screening."""
        check_local(request)
        return self._shown()

    async def set_mode(self, request: Request) -> Response:
        """Give a mode to everybody, a partner, a customer, or the customers of some domains."""
        members = await members_of(request)
        mode = text_member(members, "mode")
        if not mode:
            raise bad(f'send {{"mode": ...}} with {MODES}; and whom it is for, if not for all.')
        try:
            self._world.steering.set_mode(_whom(members), mode)
        except ValueError as error:
            raise bad(str(error)) from error
        return self._shown()

    async def forget(self, request: Request) -> Response:
        """Have the mode that the sandbox was started with, for everybody, and no decision laid down."""
        check_local(request)
        self._world.steering.reset()
        return self._shown()

    async def lay_down(self, request: Request) -> Response:
        """Decide the next screening beforehand, whatever the data will say."""
        members = await members_of(request)
        decision = Next(_whom(members), programme_member(members), reason_member(members))
        try:
            self._world.steering.lay_down(decision)
        except ValueError as error:
            raise bad(str(error)) from error
        return self._shown()

    async def decide(self, request: Request) -> Response:
        """Decide a case by hand, as a reviewer would."""
        members = await members_of(request)
        key = await self._key(members)
        try:
            outcome = await self._world.rooms.review.decide(key, _command(members))
        except NoSuchCaseError as error:
            raise FaultError(faults.NOT_FOUND, "Not found: this customer has no such case.") from error
        if isinstance(outcome, Refusal):
            raise FaultError(FAULTS[outcome])
        view = standing_view(standing_of(outcome.case))
        return JSONResponse({"qualification": view.qualification, "vettingStatus": view.vetting_status})

    async def _key(self, members: Members) -> CaseKey:
        customer = guid_of(text_member(members, "customerId"))
        programme = PROGRAMMES.get(words.qualification_named(text_member(members, "qualification")) or "")
        if customer is None:
            raise FaultError(faults.INVALID_CUSTOMER_ID)
        if programme is None:
            raise FaultError(faults.QUALIFICATION_REQUIRED)
        return CaseKey(await self._partner_of(customer), customer, programme)

    async def _partner_of(self, customer: str) -> str:
        for tenant in self._world.directory.partners:
            try:
                await self._world.store.standing(tenant.tenant_id, customer)
            except StoreError:
                continue
            return tenant.tenant_id
        raise FaultError(faults.CUSTOMER_NOT_FOUND)

    def _shown(self) -> Response:
        steering = self._world.steering
        modes = [{**_whom_view(whom), "mode": mode} for whom, mode in steering.modes]
        return JSONResponse({"modes": modes, "next": [_next_view(one) for one in steering.laid_down]})


def _command(members: Members) -> Approve | Deny:
    reason, note = reason_member(members), text_member(members, "note")
    return Deny(_ACTOR, reason, note, overrules=True) if reason else Approve(_ACTOR, note, overrules=True)


def _whom(members: Members) -> Whom:
    domain = text_member(members, "domain", limit=253)
    return Whom(guid_member(members, "partnerTenantId"), guid_member(members, "customerId"), domain)


def _whom_view(whom: Whom) -> dict[str, Any]:
    named = {"partnerTenantId": whom.partner, "customerId": whom.customer, "domain": whom.domain}
    return {name: value for name, value in named.items() if value}


def _next_view(one: Next) -> dict[str, Any]:
    programme = {"qualification": PROGRAMME_NAMES[one.programme]} if one.programme else {}
    denied = {"vettingStatus": words.DENIED, "vettingReason": REASON_TEXTS[one.reason]} if one.reason else {}
    return {**_whom_view(one.whom), **programme, **(denied or {"vettingStatus": words.APPROVED})}
