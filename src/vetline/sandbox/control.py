"""The sandbox's control surface under /sandbox/: what is in it, its clock, a reset, and decisions by hand.

It asks for no token, so it answers only those who are on this machine and not sent by a web page from elsewhere.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vetline.api.translate import FAULTS, PROGRAMMES, REASONS, standing_of, standing_view
from vetline.desk.reviewer import NoSuchCaseError
from vetline.sandbox.authority import Authority
from vetline.sandbox.clock import SandboxClock
from vetline.sandbox.directory import Directory
from vetline.sandbox.info import info
from vetline.sandbox.polling import PollingDesk
from vetline.sandbox.register import seed
from vetline.store.port import StoreError
from vetline.store.queue import CaseKey
from vetline.vetting.commands import Approve, Deny
from vetline.vetting.refusals import Refusal
from vetline.wire import faults, words
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.reading import Members, object_of, text_member
from vetline.wiring import Rooms

MAX_BODY = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Control:
    """What a test may do to its sandbox.

    Parameters:
        rooms: the service under test.
        clock: its clock.
        directory: its people.
        authority: its token authority.
        base: the address at which it is reached.
        ca_file: the certificate authority to trust for it; `None` without TLS.
    """

    def __init__(
        self,
        rooms: Rooms,
        clock: SandboxClock,
        directory: Directory,
        authority: Authority,
        base: str,
        ca_file: Path | None = None,
    ) -> None:
        self._rooms = rooms
        self._clock = clock
        self._directory = directory
        self._authority = authority
        self._base = base
        self._ca_file = ca_file

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            Route("/sandbox/info", self.info),
            Route("/sandbox/clock", self.time, methods=["GET"]),
            Route("/sandbox/clock", self.advance, methods=["POST"]),
            Route("/sandbox/reset", self.reset, methods=["POST"]),
            Route("/sandbox/decisions", self.decide, methods=["POST"]),
        ]

    async def info(self, request: Request) -> Response:
        """Answer with everything a client needs to begin: partners, people, secrets, codes, customers, addresses."""
        _check_local(request)
        return JSONResponse(await info(self._rooms.store, self._directory, self._base, self._ca_file))

    async def time(self, request: Request) -> Response:
        """Answer with the sandbox's time."""
        _check_local(request)
        return self._now()

    async def advance(self, request: Request) -> Response:
        """Move the clock forward, and do what became due before answering."""
        members = await _members(request)
        seconds = members.get("advanceseconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise FaultError(faults.INVALID_INPUT, 'Invalid request input: send {"advanceSeconds": 3600}.')
        try:
            self._clock.advance(timedelta(seconds=seconds))
        except (ValueError, OverflowError) as error:
            raise FaultError(faults.INVALID_INPUT, f"Invalid request input: {error}.") from error
        await self._rooms.worker.run_until_idle()
        return self._now()

    async def reset(self, request: Request) -> Response:
        """Make the sandbox fresh again: seeds, clock, no cases, no remembered answers."""
        _check_local(request)
        # At rest: what the worker still has of the old cases must not decide the new ones.
        async with self._rooms.worker.at_rest():
            self._clock.reset()
            self._authority.forget()
            if isinstance(self._rooms.partner, PollingDesk):
                self._rooms.partner.forget_reads()
            await self._rooms.store.erase()
            await seed(self._rooms.store, self._clock.now())
            self._rooms.figures.forget()
        return Response(status_code=204)

    async def decide(self, request: Request) -> Response:
        """Decide a case by hand, as a reviewer would."""
        members = await _members(request)
        key = await self._key(members)
        try:
            outcome = await self._rooms.review.decide(key, _command(members))
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
        for tenant in self._directory.tenants:
            try:
                await self._rooms.store.standing(tenant.tenant_id, customer)
            except StoreError:
                continue
            return tenant.tenant_id
        raise FaultError(faults.CUSTOMER_NOT_FOUND)

    def _now(self) -> Response:
        return JSONResponse({"now": self._clock.now().isoformat()})


def _command(members: Members) -> Approve | Deny:
    status, note = text_member(members, "vettingStatus"), text_member(members, "note")
    if status.lower() == words.APPROVED.lower():
        return Approve("sandbox", note, overrules=True)
    reason = words.reason_named(text_member(members, "vettingReason"))
    if status.lower() != words.DENIED.lower() or reason is None:
        known = "; ".join(words.REASONS)
        raise FaultError(
            faults.INVALID_INPUT,
            f"Invalid request input: vettingStatus must be Approved, or Denied with a vettingReason: {known}.",
        )
    return Deny("sandbox", REASONS[reason], note, overrules=True)


async def _members(request: Request) -> dict[str, Any]:
    _check_local(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise FaultError(faults.TOO_LARGE, limit=str(MAX_BODY))
    return object_of(body)


def _check_local(request: Request) -> None:
    """Refuse a web page from elsewhere, also one whose name was made to point here."""
    origin = request.headers.get("origin")
    names = {request.url.hostname, urlsplit(origin).hostname if origin else "localhost"}
    if not names <= _LOOPBACK:
        raise FaultError(faults.INSUFFICIENT_PRIVILEGES, "The control surface answers only this machine.")
