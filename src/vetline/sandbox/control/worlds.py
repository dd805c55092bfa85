"""The control routes of worlds: make one, list them, end one."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vetline.sandbox.contents.seeding import MAX_BYTES, seeds_in
from vetline.sandbox.control.requests import bad, body_of, check_local
from vetline.sandbox.inhabited import Inhabited
from vetline.sandbox.steering.steering import Whom
from vetline.sandbox.world import World
from vetline.sandbox.worlds import MAX_WORLDS, TooManyWorldsError, Worlds
from vetline.store.port import StoreError
from vetline.wire import faults
from vetline.wire.contract import Contract
from vetline.wire.contracts import CONTRACTS
from vetline.wire.faults import FaultError
from vetline.wire.reading import Members, object_of, text_member

_ABSENT = FaultError(faults.NOT_FOUND, "Not found: there is no such world, or nobody needed it for an hour.")


class WorldsControl:
    """What a test may do with worlds.

    Parameters:
        worlds: those of the sandbox.
        base: its address.
    """

    def __init__(self, worlds: Worlds, base: str) -> None:
        self._worlds = worlds
        self._base = base

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            Route("/sandbox/worlds", self.show, methods=["GET"]),
            Route("/sandbox/worlds", self.make, methods=["POST"]),
            Route("/sandbox/worlds/{id}", self.end, methods=["DELETE"]),
            Route("/sandbox/worlds/{id}/{rest:path}", self.absent, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    async def show(self, request: Request) -> Response:
        """List the worlds beside the first one."""
        check_local(request)
        return JSONResponse({"worlds": [{"id": one.name, "control": self._control(one)} for one in self._worlds]})

    async def make(self, request: Request) -> Response:
        """Make a world, and answer with everything that a client needs to begin in it.

        It has the seeded customers and codes, or those that the body brings along; and the vetting mode and the
        contract of the first world when it was started, or the body's.
        """
        body = await body_of(request, MAX_BYTES)
        members = object_of(body) if body else {}
        try:
            made = await self._worlds.make(_contract(members))
        except TooManyWorldsError as error:
            raise bad(f"{MAX_WORLDS} worlds are there already: DELETE those that are not needed any more.") from error
        try:
            info = await _furnished(made, members)
        except FaultError:
            await self._worlds.end(made.name)
            raise
        endpoints = {**info["endpoints"], "control": self._control(made)}
        return JSONResponse({"id": made.name, **info, "endpoints": endpoints}, 201)

    async def end(self, request: Request) -> Response:
        """End a world."""
        check_local(request)
        if not await self._worlds.end(request.path_params["id"]):
            raise _ABSENT
        return Response(status_code=204)

    async def absent(self, request: Request) -> Response:
        """Say that a world is not there: requests to those that are do not come here."""
        check_local(request)
        raise _ABSENT

    def _control(self, world: Inhabited) -> str:
        return f"{self._base}/sandbox/worlds/{world.name}"


async def _furnished(made: Inhabited, members: Members) -> dict[str, Any]:
    """Give a world what its maker brings along, and return what there is to know of it."""
    world = made.world
    if mode := text_member(members, "mode"):
        _set_mode(world, mode)
    if not {"customers", "validationcodes"} & {*members}:
        return made.info
    partners = [tenant.tenant_id for tenant in world.directory.partners]
    try:
        await world.hold_only(seeds_in(members, partners, world.clock.now()))
    except StoreError as error:
        raise bad(f"two customers or two codes are the same ({error}).") from error
    return await world.info()


def _contract(members: Members) -> Contract | None:
    name = text_member(members, "contract")
    if name and name not in CONTRACTS:
        raise bad(f"contract must be one of {', '.join(CONTRACTS)}.")
    return CONTRACTS[name] if name else None


def _set_mode(world: World, mode: str) -> None:
    try:
        world.steering.set_mode(Whom(), mode)
    except ValueError as error:
        raise bad(str(error)) from error
