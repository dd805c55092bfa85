"""The control routes of worlds: make one, list them, end one."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vetline.sandbox.control_requests import check_local
from vetline.sandbox.worlds import Inhabited, Worlds
from vetline.wire import faults
from vetline.wire.faults import FaultError


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
        ]

    async def show(self, request: Request) -> Response:
        """List the worlds beside the first one."""
        check_local(request)
        return JSONResponse({"worlds": [{"id": one.id, "control": self._control(one)} for one in self._worlds]})

    async def make(self, request: Request) -> Response:
        """Make a world, and answer with everything that a client needs to begin in it."""
        check_local(request)
        made = await self._worlds.make()
        found = await made.world.info()
        endpoints = {**found.pop("endpoints"), "control": self._control(made)}  # type: ignore[dict-item]
        return JSONResponse({"id": made.id, **found, "endpoints": endpoints}, 201)

    async def end(self, request: Request) -> Response:
        """End a world."""
        check_local(request)
        if not await self._worlds.end(request.path_params["id"]):
            raise FaultError(faults.NOT_FOUND, "Not found: there is no such world, or nobody needed it for an hour.")
        return Response(status_code=204)

    def _control(self, world: Inhabited) -> str:
        return f"{self._base}/sandbox/worlds/{world.id}"
