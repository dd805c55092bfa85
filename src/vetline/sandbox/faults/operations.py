"""Which requests can be struck, and which of them a fault is meant for. Pure.

Paths are lists of lower-case segments; `*` stands for any one segment, as `{customer_id}` does in the documents.
"""

from collections.abc import Iterable, Sequence

import msgspec

from vetline.api.router import Route
from vetline.wire.paths import segments_of

ANY = "*"


class Operation(msgspec.Struct, frozen=True):
    """One operation that faults can strike.

    Parameters:
        name: as /openapi.json calls it.
        method: upper-case.
        segments: its path.
    """

    name: str
    method: str
    segments: tuple[str, ...]


class Asked(msgspec.Struct, frozen=True):
    """What could be struck: a request for an operation, or the delivery of an event.

    Parameters:
        operation: the operation's name, or the event's.
        method: upper-case, GET for a HEAD; empty for an event.
        segments: the request's path.
        is_delivery: whether it is the delivery of an event.
    """

    operation: str
    method: str = ""
    segments: tuple[str, ...] = ()
    is_delivery: bool = False


TOKEN = "token"  # noqa: S105 - an operation's name

# The authority's, by v1 and by v2, and Partner Center's own.
TOKEN_OPERATIONS = (
    Operation(TOKEN, "POST", (ANY, "oauth2", "token")),
    Operation(TOKEN, "POST", (ANY, "oauth2", "v2.0", "token")),
    Operation("generatetoken", "POST", ("generatetoken",)),
    Operation("generatetoken", "POST", ("v3", "generatetoken")),
)


def operation(name: str, method: str, path: str) -> Operation:
    """Return an operation whose path is written as in the documents, with parameters in braces."""
    return Operation(name, method, _segments(path))


def operations_of(routes: Iterable[Route]) -> list[Operation]:
    """Return the operations of the JSON interface."""
    return [operation(route.handler.__name__, route.method, route.path) for route in routes]


class Target(msgspec.Struct, frozen=True):
    """Which requests, or which events, a fault is meant for.

    Parameters:
        text: as somebody wrote it: ``*``, the name of an operation or of an event, or
            ``POST /v1/customers/*/qualifications``.
    """

    text: str

    def hits(self, asked: Asked) -> bool:
        """Return whether a request is one of them."""
        method, _, path = self.text.partition(" ")
        if not path:
            return self.text in (ANY, asked.operation)
        return method.upper() in (ANY, asked.method) and _overlap(_segments(path), asked.segments)


class Operations:
    """All operations that can be struck.

    Parameters:
        known: what there is.
    """

    def __init__(self, known: Iterable[Operation]) -> None:
        # Where two fit, the one with fewer parameters is meant, as the router does it.
        self._known: Sequence[Operation] = sorted(known, key=lambda one: one.segments.count(ANY))

    def asked(self, method: str, path: str) -> Asked | None:
        """Return what a request asks for; `None` when it can not be struck."""
        segments, method = tuple(segments_of(path)), "GET" if method == "HEAD" else method
        for one in self._known:
            if one.method == method and _overlap(one.segments, segments):
                return Asked(one.name, method, segments)
        return None

    def target(self, text: str) -> Target:
        """Return the target that a text names.

        Raises:
            ValueError: no operation could be meant; the sentence names those there are.
        """
        method, _, path = text.strip().partition(" ")
        target = Target(f"{method} {path.strip()}" if path else method)
        if not any(self._meant(target, one) for one in self._known):
            names = ", ".join(dict.fromkeys(one.name for one in self._known))
            raise ValueError(
                f"'{text[:200]}' is no operation here: give *, a method and a path such as "
                f"POST /v1/customers/*/qualifications, or one of {names}"
            )
        return target

    def _meant(self, target: Target, one: Operation) -> bool:
        return target.hits(Asked(one.name, one.method, one.segments))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(ANY if one.startswith("{") and one.endswith("}") else one for one in segments_of(path))


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(a == b or ANY in (a, b) for a, b in zip(one, other, strict=True))
