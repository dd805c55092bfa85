"""What an operation is."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from vetline.sdk.errors import InvalidArgumentError
from vetline.sdk.messages import RawAnswer
from vetline.sdk.retrying import Repeat

T = TypeVar("T")


class Operation(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One thing to ask of the service.

    Parameters:
        name: for logs and traces, such as ``qualifications.create``.
        method: upper-case.
        route: the path with placeholders, for logs and traces: it names nobody.
        path: the path from the host's root, quoted, with its query.
        read: turns an answer with a success status into the result; raises ValueError where it is not understood.
        body: is sent as JSON; `None` sends none.
        headers: of this operation alone.
        repeat: whether it may be sent again when nobody knows whether it was done.
        gone_is_done: whether 404 to a repetition means that the attempt before did it.
        request_id: the MS-RequestId for all its attempts; empty for a fresh one.
    """

    name: str
    method: str
    route: str
    path: str
    read: Callable[[RawAnswer], T]
    body: Any = None
    headers: Mapping[str, str] = {}
    repeat: Repeat = Repeat.SAFE
    gone_is_done: bool = False
    request_id: str = ""


def filled(route: str, query: Mapping[str, str | int | None] | None = None, **parameters: str) -> str:
    """Return a route with its placeholders filled, and a query without the members that are `None` or empty.

    Raises:
        InvalidArgumentError: a parameter is blank, is no name of a resource, or cannot be sent.
    """
    path = route.format(**{name: _segment(name, value) for name, value in parameters.items()})
    given = {name: _sendable(name, str(value)) for name, value in (query or {}).items() if value not in (None, "")}
    return f"{path}?{urlencode(given, quote_via=quote)}" if given else path


def _segment(name: str, value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or text in (".", ".."):
        raise InvalidArgumentError(f"{name} must be set: give the ID as text, such as a customer's tenant ID.")
    return quote(_sendable(name, text), safe="{}")


def _sendable(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidArgumentError(f"{name} cannot be sent: it holds half of a character.") from error
    return text
