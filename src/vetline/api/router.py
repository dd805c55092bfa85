"""Finds the route of a path. Routes are values; paths arrive normalised, so that case and slashes do not matter."""

from collections.abc import Awaitable, Callable, Iterable
from enum import Enum

import msgspec

from vetline.api.call import Answer, Call
from vetline.wire import faults
from vetline.wire.faults import FaultError

Handler = Callable[[Call], Awaitable[Answer]]


class Needs(Enum):
    """What a route asks of its caller."""

    ANY_CALLER = "App-only or App+User"
    USER = "App+User"
    REVIEWER = "App+User with the reviewer's role"
    ADMINISTRATOR = "the administrator's role"


class Route(msgspec.Struct, frozen=True):
    """One operation.

    Parameters:
        method: upper-case.
        path: with parameters in braces, such as ``/v1/customers/{customer_id}``.
        handler: answers it.
        needs: who may call it.
        summary: one line for the documentation.
        source: where the operation is documented.
        retryable: whether a repeated MS-RequestId gets the stored answer again.
        retired: whether it only answers that it is gone; nothing tells of it.
    """

    method: str
    path: str
    handler: Handler
    needs: Needs
    summary: str
    source: str
    retryable: bool = False
    retired: bool = False


class _Node(msgspec.Struct):
    literals: dict[str, "_Node"] = msgspec.field(default_factory=dict)
    parameter: "tuple[str, _Node] | None" = None
    routes: dict[str, Route] = msgspec.field(default_factory=dict)


class Router:
    """The routes as a tree of path segments; a literal segment is preferred to a parameter.

    Parameters:
        routes: what there is.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.strip("/").split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or (segment[1:-1], _Node())
                node = node.parameter[1]
            else:
                node = node.literals.setdefault(segment.lower(), _Node())
        node.routes[route.method] = route

    def find(self, method: str, segments: list[str]) -> tuple[Route, dict[str, str]]:
        """Return a path's route and its parameters.

        Raises:
            FaultError: NotFound, or MethodNotAllowed with the methods that are.
        """
        node, parameters = self._root, {}
        for segment in segments:
            if (literal := node.literals.get(segment)) is not None:
                node = literal
            elif node.parameter is not None:
                name, node = node.parameter
                parameters[name] = segment
            else:
                raise FaultError(faults.NOT_FOUND)
        if (route := node.routes.get(method)) is not None:
            return route, parameters
        raise _unroutable(node)


def _unroutable(node: _Node) -> FaultError:
    if not node.routes:
        return FaultError(faults.NOT_FOUND)
    allowed = ", ".join(sorted(node.routes)).encode()
    return FaultError(faults.METHOD_NOT_ALLOWED, headers=((b"allow", allowed),))
