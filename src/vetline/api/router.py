"""Finds the route of a path. Routes are values; paths arrive normalised, so that case and slashes do not matter."""

from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from functools import cache

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
    places: dict[str, int] = msgspec.field(default_factory=dict)


class Router:
    """The routes as a tree of path segments; a literal segment is preferred to a parameter.

    Parameters:
        routes: what there is.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = tuple(routes)
        self._root = _tree(tuple((route.method, route.path) for route in self._routes))

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
        if (place := node.places.get(method)) is not None:
            return self._routes[place], parameters
        raise _unroutable(node)


@cache
def _tree(operations: tuple[tuple[str, str], ...]) -> _Node:
    """Return methods and paths as a tree. All worlds of a sandbox have the same: only handlers are their own."""
    root = _Node()
    for place, (method, path) in enumerate(operations):
        node = root
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or (segment[1:-1], _Node())
                node = node.parameter[1]
            else:
                node = node.literals.setdefault(segment.lower(), _Node())
        node.places[method] = place
    return root


def _unroutable(node: _Node) -> FaultError:
    if not node.places:
        return FaultError(faults.NOT_FOUND)
    allowed = ", ".join(sorted(node.places)).encode()
    return FaultError(faults.METHOD_NOT_ALLOWED, headers=((b"allow", allowed),))
