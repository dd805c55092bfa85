"""Strikes requests by a plan, around the service. Control routes, pages and health are never struck."""

import asyncio
from collections.abc import Iterable

import structlog

from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Intake, Receive
from vetline.clock import Clock
from vetline.sandbox.faults.answers import answer_of
from vetline.sandbox.faults.connection import reset
from vetline.sandbox.faults.inflicting import answer, halve, lose, slow
from vetline.sandbox.faults.kinds import REFUSES_THE_TOKEN, Kind
from vetline.sandbox.faults.operations import TOKEN, Asked, Operation, Operations
from vetline.sandbox.faults.plan import Entry, Plan, Planned
from vetline.sandbox.faults.tokens import RefusedTokens

# Where whoever is around us finds which fault struck a request.
STRUCK = "vetline.fault"

log = structlog.get_logger("vetline.sandbox")


class Faults:
    """The faults of a world.

    Parameters:
        clock: the machine's, by which clients go.
        seed: what chance is made of.
        operations: what can be struck.
        begin_with: the faults of a fresh world.

    Attributes:
        operations, plan: what can be struck, and what is to be.
    """

    def __init__(
        self, clock: Clock, seed: int, operations: Iterable[Operation], begin_with: Iterable[Planned] = ()
    ) -> None:
        self.operations = Operations(operations)
        self.plan = Plan(seed)
        self._clock = clock
        self._refused = RefusedTokens()
        self._over = asyncio.Event()
        self._begin_with = seed, list(begin_with)
        self.reset()

    def reset(self) -> None:
        """Go back to the seed and the faults of a fresh world, nothing seen and nothing struck."""
        self.clear()
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

    def let_go(self) -> None:
        """Let everybody go whose answer waits: the service ends."""
        self._over.set()

    def around(self, app: Asgi) -> Asgi:
        """Return an application with the faults around it."""

        async def struck(scope: Scope, receive: Receive, send: Send) -> None:
            asked = self._asked(scope)
            given = dict(scope["headers"]) if asked else {}
            entry = self._strike(asked, given.get(b"authorization", b"")) if asked else None
            if asked is None or entry is None:
                await app(scope, receive, send)
                return
            _tell(entry, asked, scope, self.plan.seed)
            await self._inflict(entry.planned, asked, app, given, scope, receive, send)

        return struck

    def _asked(self, scope: Scope) -> Asked | None:
        if not self.plan.entries or scope["type"] != "http":
            return None
        return self.operations.asked(scope["method"], scope["path"])

    def _strike(self, asked: Asked, authorization: bytes) -> Entry | None:
        if asked.operation == TOKEN:
            return self.plan.strike(asked)
        because_of = self._refused.because_of(authorization)
        if entry := next((one for one in self.plan.entries if one.number == because_of), None):
            return entry
        entry = self.plan.strike(asked)
        if entry and entry.planned.kind in REFUSES_THE_TOKEN:
            self._refused.refuse(authorization, entry.number)
        return entry

    async def _inflict(
        self,
        planned: Planned,
        asked: Asked,
        app: Asgi,
        given: dict[bytes, bytes],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        match planned.kind:
            case Kind.SLOW:
                await slow(app, planned.seconds, self._over, scope, receive, send)
            case Kind.HALF:
                await halve(app, scope, receive, send)
            case Kind.LOST:
                await lose(app, scope, receive)
            case Kind.RESET:
                await reset(scope, Intake(receive, given))
            case _:
                found = answer_of(planned, asked.operation, given, self._clock.now())
                await answer(found, given, scope, receive, send)


def _tell(entry: Entry, asked: Asked, scope: Scope, seed: int) -> None:
    scope[STRUCK] = {"id": str(entry.number), "kind": str(entry.planned.kind)}
    log.info("fault", fault=entry.number, kind=str(entry.planned.kind), operation=asked.operation, seed=seed)
