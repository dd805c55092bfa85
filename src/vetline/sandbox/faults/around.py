"""Strikes requests by a plan, around the service. Control routes, pages and health are never struck."""

import asyncio
from collections.abc import Iterable, Mapping

from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.clock import Clock
from vetline.logs import get_logger
from vetline.sandbox.faults.answers import answer_of
from vetline.sandbox.faults.connection import reset
from vetline.sandbox.faults.inflicting import Request, answer, halve, lose, slow
from vetline.sandbox.faults.keeping import KeptFaults, kept
from vetline.sandbox.faults.kinds import REFUSES_THE_TOKEN, Kind
from vetline.sandbox.faults.operations import TOKEN, Asked, Operations
from vetline.sandbox.faults.plan import Entry, Plan, Planned
from vetline.sandbox.faults.tokens import RefusedTokens
from vetline.wire.contract import Contract
from vetline.wire.contracts import DOCUMENTED

# Where whoever is around us finds which fault struck a request.
STRUCK = "vetline.fault"

log = get_logger("vetline.sandbox")


class Faults:
    """The faults of a world.

    Parameters:
        clock: the machine's, by which clients go.
        plan: what is to go wrong, still empty.
        operations: what can be struck.
        begin_with: the faults of a fresh world.

    Attributes:
        operations, plan: what can be struck, and what is to be.
    """

    def __init__(self, clock: Clock, plan: Plan, operations: Operations, begin_with: Iterable[Planned] = ()) -> None:
        self.operations = operations
        self.plan = plan
        self._clock = clock
        self._refused = RefusedTokens()
        self._over = asyncio.Event()
        self._begin_with = plan.seed, list(begin_with)
        self.reset()

    def reset(self) -> None:
        """Go back to the seed and the faults of a fresh world, nothing seen and nothing struck."""
        self.clear()
        self.plan.put_off.clear()
        self.plan.seed, planned = self._begin_with
        self.plan.add(planned)

    def clear(self) -> None:
        """End all faults."""
        self.plan.clear()
        self._refused.forget()

    def begin_again(self, seed: int) -> None:
        """Begin the same plan anew from a seed."""
        self.plan.begin_again(seed)
        self._refused.forget()

    def kept(self) -> KeptFaults:
        """Return what a snapshot keeps of them."""
        return kept(self.plan, self._refused.kept())

    def restore(self, plan: Plan, refused: Mapping[str, int]) -> None:
        """Go on where a plan is.

        Parameters:
            refused: the tokens that its faults made invalid, as digests, each with the number of its fault.
        """
        self.plan.restore(plan)
        self._refused.restore(refused)

    def let_go(self) -> None:
        """Let everybody go whose answer waits: the service ends."""
        self._over.set()

    def around(self, app: Asgi, contract: Contract = DOCUMENTED) -> Asgi:
        """Return an application with the faults around it; their answers are in its contract's shape."""

        async def struck(scope: Scope, receive: Receive, send: Send) -> None:
            asked = self._asked(scope)
            request = Request(asked, scope, receive, send) if asked else None
            entry = self._strike(request) if request else None
            if request is None or entry is None:
                await app(scope, receive, send)
                return
            _tell(entry, request, self.plan.seed)
            await self._inflict(entry.planned, app, request, contract)

        return struck

    def _asked(self, scope: Scope) -> Asked | None:
        if not self.plan.entries or scope["type"] != "http":
            return None
        return self.operations.asked(scope["method"], scope["path"])

    def _strike(self, request: Request) -> Entry | None:
        if request.asked.operation == TOKEN:
            return self.plan.strike(request.asked)
        authorization = request.headers.get(b"authorization", b"")
        because_of = self._refused.because_of(authorization)
        if entry := next((one for one in self.plan.entries if one.number == because_of), None):
            return entry
        entry = self.plan.strike(request.asked)
        if entry and entry.planned.kind in REFUSES_THE_TOKEN:
            self._refused.refuse(authorization, entry.number)
        return entry

    async def _inflict(self, planned: Planned, app: Asgi, request: Request, contract: Contract) -> None:
        match planned.kind:
            case Kind.SLOW:
                await slow(app, request, planned.seconds, self._over)
            case Kind.HALF:
                await halve(app, request)
            case Kind.LOST:
                await lose(app, request)
            case Kind.RESET:
                await reset(request.scope, request.intake)
            case _:
                now = self._clock.now()
                await answer(answer_of(planned, request.asked.operation, request.headers, now, contract), request)


def _tell(entry: Entry, request: Request, seed: int) -> None:
    kind, operation = str(entry.planned.kind), request.asked.operation
    request.scope[STRUCK] = {"id": str(entry.number), "kind": kind}
    log.info("fault", fault=entry.number, kind=kind, operation=operation, seed=seed)
