"""Both generations of the qualification, and the validation codes that GCC needs."""

from collections.abc import Callable

from vetline.api.call import Answer, Call
from vetline.api.handlers.common import customer_of
from vetline.api.holding import applied, unless_gone, wait_wanted
from vetline.api.idempotency import Sealed
from vetline.api.translate import (
    PROGRAMMES,
    claim_of,
    code_view,
    created,
    effective,
    json_answer,
    listed,
    related,
    updated,
)
from vetline.desk.partner import Outcome, PartnerDesk, Submission
from vetline.desk.permissions import Permissions
from vetline.desk.waiting import WaitingRoom
from vetline.identity.caller import Caller
from vetline.wire import faults, headers, words
from vetline.wire.contract import Contract
from vetline.wire.faults import FaultError
from vetline.wire.qualifications import QualificationRequest, read_request

Render = Callable[[Outcome, Contract], Answer]


class QualificationHandlers:
    """The operations on qualifications.

    Parameters:
        desk: what a partner may ask.
        waiting: where it may wait for a decision.
        permissions: who may ask for what.
    """

    def __init__(self, desk: PartnerDesk, waiting: WaitingRoom, permissions: Permissions) -> None:
        self._desk = desk
        self._waiting = waiting
        self._permissions = permissions

    async def list_qualifications(self, call: Call) -> Answer:
        """Answer with a customer's qualifications."""
        customer = customer_of(call)
        seconds = wait_wanted(call) if headers.PREFER in call.headers else None
        if seconds is None:
            return listed(await self._desk.standing(call.caller.tenant, customer), call.contract)
        decided = self._waiting.decided(call.caller.tenant, customer, seconds)
        return applied(listed(await unless_gone(call, decided), call.contract), seconds)

    async def create_qualification(self, call: Call) -> Answer:
        """Ask for a qualification; answered InReview while it is vetted."""
        return await self._submit(call, created, decide_at_once=False)

    async def get_qualification(self, call: Call) -> Answer:
        """Answer with the one value of the synchronous generation."""
        standings = await self._desk.standing(call.caller.tenant, customer_of(call))
        return json_answer(200, effective(standings, call.contract))

    async def update_qualification(self, call: Call) -> Answer:
        """Ask for a qualification and let the triage decide at once."""
        return await self._submit(call, updated, decide_at_once=True)

    async def codes(self, call: Call) -> Answer:
        """Answer with the partner's validation codes."""
        return json_answer(200, [code_view(code) for code in await self._desk.codes(call.caller.tenant)])

    async def relations(self, call: Call) -> Answer:
        """Answer with the codes by which a customer was qualified."""
        customer = customer_of(call)
        codes = await self._desk.redeemed_codes(call.caller.tenant, customer)
        return related(codes, customer, call.contract)

    async def retired(self, call: Call) -> Answer:
        """Answer that there is no such operation any more."""
        raise FaultError(faults.RETIRED)

    async def _submit(self, call: Call, render: Render, *, decide_at_once: bool) -> Answer:
        customer = customer_of(call)
        wanted = read_request(call.body, call.query, call.contract, synchronous=decide_at_once)
        if decide_at_once and wanted.qualification == words.STATE_OWNED:
            # The synchronous generation has no word for it: https://github.com/xdmushui/partner-center-sdk (swagger)
            raise FaultError(faults.QUALIFICATION_NOT_SETTABLE, "Set StateOwnedEntity with POST /qualifications.")
        self._check_role(call.caller, wanted)
        sealed: Sealed[Outcome] = Sealed(call, lambda outcome: render(outcome, call.contract))
        submission = _submission(call, customer, wanted)
        await self._desk.submit(submission, sealed, decide_at_once=decide_at_once)
        return sealed.answer

    def _check_role(self, caller: Caller, wanted: QualificationRequest) -> None:
        if not self._permissions.allow(PROGRAMMES[wanted.qualification], caller.roles):
            raise FaultError(faults.INSUFFICIENT_PRIVILEGES)


def _submission(call: Call, customer: str, wanted: QualificationRequest) -> Submission:
    return Submission(
        partner=call.caller.tenant,
        customer=customer,
        programme=PROGRAMMES[wanted.qualification],
        claim=claim_of(wanted),
        code=wanted.validation_code if wanted.qualification == words.GOVERNMENT else "",
        actor=call.actor,
    )
