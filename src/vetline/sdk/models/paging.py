"""Pages of a collection, and the way from one to the next."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from vetline.sdk import reading
from vetline.sdk.models.model import Model
from vetline.wire.reading import Members, folded

T = TypeVar("T")


class Follow(msgspec.Struct, frozen=True):
    """Where a page's neighbour is: a uri, and the headers that go with it."""

    uri: str
    headers: Mapping[str, str] = {}


class Page(Model, Generic[T], frozen=True, kw_only=True):
    """A part of a collection.

    Parameters:
        items: what is in it.
        total_count: as the service says it; for customers it counts this page. `None` when it is not said.
        next: where the next page is; `None` on the last.
        raw: every member that came, under its name in lower case.
    """

    items: list[T]
    total_count: int | None = None
    next: Follow | None = None
    raw: Mapping[str, Any] = {}


def page_in(value: Any, item: Callable[[Members], T]) -> Page[T]:
    """Return a page from an answer's JSON value; a bare array is a page, too.

    Parameters:
        value: the JSON value.
        item: reads one of its items.

    Raises:
        ValueError: it is neither an object nor an array.
    """
    items = [item(one) for one in reading.objects_in(value, "items")] if _holds_items(value) else []
    members = folded(value)
    return Page(
        items=items,
        total_count=reading.number(members, "totalCount"),
        next=_follow(reading.inner(reading.inner(members, "links"), "next")),
        raw=members,
    )


def _holds_items(value: Any) -> bool:
    if not isinstance(value, dict | list):
        raise ValueError("neither an array nor an object")
    return isinstance(value, list) or isinstance(folded(value).get("items"), list)


def _follow(link: Members) -> Follow | None:
    """Return where a link leads. Its headers hold the continuation token.

    https://github.com/microsoft/partner-center-sdk-for-dotNET Models/Link.cs
    """
    uri = reading.text(link, "uri")
    if not uri:
        return None
    given = link.get("headers")
    pairs = [folded(one) for one in given] if isinstance(given, list) else []
    headers = {reading.text(pair, "key"): reading.text(pair, "value") for pair in pairs}
    return Follow(uri, {name: value for name, value in headers.items() if name})
