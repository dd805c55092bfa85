"""Routes with the same path lead each to its own endpoint, and otherwise do what Starlette's own do."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from vetline.api.shared_route import Endpoint, SharedRoute


def says(name: str) -> Endpoint:
    """Return an endpoint that says its name and what it was asked."""

    async def endpoint(request: Request) -> Response:
        return PlainTextResponse(f"{name} {request.method} {request.path_params}")

    return endpoint


def routes(kind: type[Route] | type[SharedRoute], name: str) -> list[BaseRoute]:
    """Return routes of a kind whose endpoints say a name."""
    return [
        kind("/one/{number:int}", says(f"{name} reads")),
        kind("/one/{number:int}", says(f"{name} writes"), methods=["POST", "PUT"]),
        kind("/{rest:path}", says(f"{name} has the rest"), methods=["GET"]),
    ]


@pytest.mark.parametrize("path", ["/one/1", "/one/x", "/one/1/", "/", "/one/%20"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_answers_are_those_of_starlettes_routes(method: str, path: str) -> None:
    for name in ("Ada", "Bob"):
        theirs, ours = (TestClient(Starlette(routes=routes(kind, name))) for kind in (Route, SharedRoute))
        expected, found = (client.request(method, path) for client in (theirs, ours))
        assert (found.status_code, found.text) == (expected.status_code, expected.text)
        assert sorted(found.headers.get("allow", "")) == sorted(expected.headers.get("allow", ""))
