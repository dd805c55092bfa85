"""The control routes of the faults, under /sandbox/faults."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.sandbox.control.requests import bad, body_of, check_local, members_of
from vetline.sandbox.faults.around import Faults
from vetline.sandbox.faults.plan import Entry
from vetline.sandbox.faults.reading import MOST_AT_ONCE, planned_in, seed_in
from vetline.sandbox.faults.showing import entry_view
from vetline.wire import faults as wire
from vetline.wire.faults import FaultError
from vetline.wire.reading import json_of

_MAX_BODY = 1024 * 1024


class FaultsControl:
    """What a test may do to the faults of its world."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/faults", self.show, methods=["GET"]),
            SharedRoute("/sandbox/faults", self.add, methods=["POST"]),
            SharedRoute("/sandbox/faults", self.clear, methods=["DELETE"]),
            SharedRoute("/sandbox/faults/seed", self.begin_again, methods=["PUT"]),
            SharedRoute("/sandbox/faults/{id}", self.end, methods=["DELETE"]),
        ]

    async def show(self, request: Request) -> Response:
        """Answer with the plan, and how it went so far."""
        check_local(request)
        return JSONResponse(self._view(self._faults.plan.entries))

    async def add(self, request: Request) -> Response:
        """Add one fault or a list, all or none, and answer with what was added."""
        value = json_of(await body_of(request, _MAX_BODY))
        plan = self._faults.plan
        try:
            planned = planned_in(value, self._faults.operations)
        except ValueError as error:
            raise bad(f"{error}.") from error
        if len(plan.entries) + len(planned) > MOST_AT_ONCE:
            raise bad(f"a plan has at most {MOST_AT_ONCE} faults: DELETE those not needed.")
        return JSONResponse(self._view(plan.add(planned)), 201)

    async def clear(self, request: Request) -> Response:
        """End all faults."""
        check_local(request)
        self._faults.clear()
        return Response(status_code=204)

    async def end(self, request: Request) -> Response:
        """End one fault."""
        check_local(request)
        name = request.path_params["id"]
        if not (name.isascii() and name.isdigit() and len(name) < 10 and self._faults.plan.end(int(name))):
            raise FaultError(wire.NOT_FOUND, "Not found: the plan has no such fault; GET /sandbox/faults shows it.")
        return Response(status_code=204)

    async def begin_again(self, request: Request) -> Response:
        """Begin the plan anew from a seed, and answer with it."""
        members = await members_of(request)
        try:
            seed = seed_in(members.get("seed"))
        except ValueError as error:
            raise bad(f"{error}.") from error
        self._faults.begin_again(seed)
        return JSONResponse(self._view(self._faults.plan.entries))

    def _view(self, entries: Iterable[Entry]) -> dict[str, Any]:
        return {"seed": self._faults.plan.seed, "faults": [entry_view(entry) for entry in entries]}
