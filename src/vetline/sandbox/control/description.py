"""The control route of a world's description: /openapi.json, asked for without a token, is the first world's."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from vetline.api.described import Described
from vetline.api.shared_route import SharedRoute
from vetline.sandbox.control.requests import check_local


def described_route(described: Described) -> BaseRoute:
    """Return the route of a world's description."""

    async def describe(request: Request) -> Response:
        """Answer with the OpenAPI document of the world's interface, in its contract."""
        check_local(request)
        return Response(described.openapi, media_type="application/json")

    return SharedRoute("/sandbox/openapi.json", describe)
