"""The control routes of what is in a world: seeds brought along, a snapshot taken, a snapshot restored."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.sandbox.contents.seeding import MAX_BYTES, Seeds, seeds_of
from vetline.sandbox.contents.snapshot import MAX_SNAPSHOT_BYTES, restore, snapshot_of, written
from vetline.sandbox.control.requests import bad, body_of, check_local
from vetline.store.port import StoreError

if TYPE_CHECKING:
    from vetline.sandbox.world import World


class ContentsControl:
    """What a test may put into its world and take out of it."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/seeds", self.seed, methods=["POST"]),
            SharedRoute("/sandbox/snapshot", self.take, methods=["GET"]),
            SharedRoute("/sandbox/snapshot", self.restore, methods=["PUT"]),
        ]

    async def seed(self, request: Request) -> Response:
        """Add customers and validation codes; all of them or none."""
        body = await body_of(request, MAX_BYTES)
        world = self._world
        partners = [tenant.tenant_id for tenant in world.directory.partners]
        seeds = seeds_of(body, request.headers.get("content-type", ""), partners, world.clock.now())
        try:
            await world.add(seeds)
        except StoreError as error:
            raise bad(f"nothing was added, because a customer or a code is there already ({error}).") from error
        return JSONResponse(_added(seeds), 201)

    async def take(self, request: Request) -> Response:
        """Answer with the whole world, to be restored in this one or in another."""
        check_local(request)
        return Response(written(await snapshot_of(self._world)), media_type="application/json")

    async def restore(self, request: Request) -> Response:
        """Make the world what a snapshot says."""
        await restore(self._world, await body_of(request, MAX_SNAPSHOT_BYTES))
        return Response(status_code=204)


def _added(seeds: Seeds) -> dict[str, object]:
    customers = [{"id": one.id, "partnerTenantId": one.partner, "domain": one.domain} for one in seeds.customers]
    return {"customers": customers, "validationCodes": [code.code for code in seeds.codes]}
