"""The control surface of a world under /sandbox/: what is in it, its clock, a reset.

It asks for no token, so it answers only those who are on this machine and not sent by a web page from elsewhere.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.sandbox.control.durations import KNOWN, moment_after
from vetline.sandbox.control.requests import bad, check_local, members_of, switch_member
from vetline.wire.reading import Members, text_member

if TYPE_CHECKING:
    from vetline.sandbox.world import World

_SEND = (
    f'send {{"advanceSeconds": 3600}}, {{"advance": ...}} with {KNOWN}, '
    '{"to": "2030-01-31T12:00:00Z"} or {"frozen": true}.'
)


class Control:
    """What a test may do to its world as a whole."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/info", self.info),
            SharedRoute("/sandbox/clock", self.time, methods=["GET"]),
            SharedRoute("/sandbox/clock", self.move, methods=["POST"]),
            SharedRoute("/sandbox/reset", self.reset, methods=["POST"]),
        ]

    async def info(self, request: Request) -> Response:
        """Answer with everything a client needs to begin: partners, people, secrets, codes, customers, addresses."""
        check_local(request)
        return JSONResponse(await self._world.info())

    async def time(self, request: Request) -> Response:
        """Answer with the world's time."""
        check_local(request)
        return self._now()

    async def move(self, request: Request) -> Response:
        """Move the clock, stop it or let it go, and do what became due before answering."""
        members = await members_of(request)
        try:
            self._move(members)
        except (ValueError, OverflowError) as error:
            raise bad(f"{error}.") from error
        await self._world.settle()
        return self._now()

    def _move(self, members: Members) -> None:
        """First it is stopped, last it is let go: what lies between happens while it stands still."""
        clock, frozen = self._world.clock, switch_member(members, "frozen")
        was_frozen = clock.frozen
        if frozen:
            clock.freeze()
        try:
            jump = _jump(members, clock.now())
            if frozen is None and jump is None:
                raise bad(_SEND)
            clock.advance(jump or timedelta(0))
        except Exception:
            if not was_frozen:
                clock.let_go()
            raise
        if frozen is False:
            clock.let_go()

    async def reset(self, request: Request) -> Response:
        """Make the world fresh again."""
        check_local(request)
        await self._world.reset()
        return Response(status_code=204)

    def _now(self) -> Response:
        clock = self._world.clock
        return JSONResponse({"now": clock.now().isoformat(), "frozen": clock.frozen})


def _jump(members: Members, now: datetime) -> timedelta | None:
    """Return how far the clock is to jump; `None` when nothing is said of that."""
    seconds, distance, moment = (
        members.get("advanceseconds"),
        text_member(members, "advance"),
        text_member(members, "to"),
    )
    if (seconds is not None) + bool(distance) + bool(moment) > 1 or isinstance(seconds, bool):
        raise bad(_SEND)
    if distance:
        return moment_after(now, distance) - now
    if moment:
        return _aware(moment) - now
    if seconds is None:
        return None
    if not isinstance(seconds, int | float):
        raise bad(_SEND)
    return timedelta(seconds=seconds)


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise bad("'to' needs a zone, such as a Z at its end.")
    return found
