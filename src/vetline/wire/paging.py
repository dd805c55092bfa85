"""Asking for a page of customers: size, filter, and the token that continues where a page ended."""

import base64
import binascii
from typing import Any, TypeVar

import msgspec

from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.reading import Members, folded

Held = TypeVar("Held")

# The largest page. https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers asks for a size;
# the .NET client sends 0 with a filter and means "as many as you like".
MAX_SIZE = 500
MAX_VALUE = 256

STARTS_WITH = "starts_with"
EQUALS = "equals"

_FIELDS = {"companyname": "CompanyName", "domain": "Domain"}
_OPERATORS = {"startswith": STARTS_WITH, "equals": EQUALS}


class CustomerFilter(msgspec.Struct, frozen=True):
    """Which customers are wanted.

    Parameters:
        field: ``CompanyName`` or ``Domain``.
        value: what it starts with or equals; case does not count.
        operator: ``starts_with`` or ``equals``.
    """

    field: str
    value: str
    operator: str


class Continuation(msgspec.Struct, array_like=True):
    """Where a page ended, and what was asked for: the .NET client sends neither size nor filter when it continues."""

    after_name: str
    after_id: str
    size: int
    field: str = ""
    value: str = ""
    operator: str = ""


class PageRequest(msgspec.Struct, frozen=True):
    """A page of customers.

    Parameters:
        size: 1 to `MAX_SIZE`.
        filter: which customers, `None` for all.
        after: the last customer of the page before, as name key and id; `None` for the first page.
    """

    size: int
    filter: CustomerFilter | None
    after: tuple[str, str] | None


def read_page(query: dict[str, str], continuation: str) -> PageRequest:
    """Return the page that a query and a continuation token ask for.

    Parameters:
        query: the query's fields under their lower-case names.
        continuation: the MS-ContinuationToken header, empty when there is none.

    Raises:
        FaultError: InvalidInput, InvalidFilter or InvalidContinuation.
    """
    if continues(query) and continuation:
        return _continued(continuation)
    return PageRequest(read_size(query), _filter(query.get("filter", "")), None)


def continues(query: dict[str, str]) -> bool:
    """Return whether a query goes on where its token says, rather than beginning anew.

    Raises:
        FaultError: InvalidInput for another way to seek.
    """
    seek = query.get("seekoperation", "next").lower()
    if seek not in ("next", "first"):
        raise FaultError(faults.INVALID_INPUT, "Invalid request input: seekOperation must be Next or First.")
    return seek == "next"


def read_size(query: dict[str, str]) -> int:
    """Return how many are asked for at most.

    Raises:
        FaultError: InvalidInput when it is no number.
    """
    text = query.get("size", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FaultError(faults.INVALID_INPUT, "Invalid request input: size must be a number from 0.")
    return min(int(text) or MAX_SIZE, MAX_SIZE)


def _filter(text: str) -> CustomerFilter | None:
    if not text.strip():
        return None
    members = filter_members(text)
    field = named(_FIELDS, members.get("field"))
    operator = named(_OPERATORS, members.get("operator"))
    value = members.get("value")
    if operator is None:
        raise FaultError(faults.INVALID_FILTER)
    if field is None or not isinstance(value, str) or len(value) > MAX_VALUE:
        raise FaultError(
            faults.INVALID_INPUT,
            f"Invalid request input: filter by CompanyName or Domain with a text of at most {MAX_VALUE} characters.",
        )
    return CustomerFilter(field, value, operator)


def filter_members(text: str) -> Members:
    """Return the members of a filter under their lower-case names.

    Raises:
        FaultError: InvalidInput when it is no JSON.
    """
    try:
        return folded(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError) as error:
        raise FaultError(faults.INVALID_INPUT, "Invalid request input: filter must be JSON.") from error


def named(known: dict[str, str], value: Any) -> str | None:
    """Return what a name means, however it is written; `None` for one that is not known."""
    return known.get(value.replace("_", "").lower()) if isinstance(value, str) else None


def _continued(token: str) -> PageRequest:
    held = held_in(token, Continuation)
    if not _was_issued_here(held):
        raise FaultError(faults.INVALID_CONTINUATION)
    wanted = CustomerFilter(held.field, held.value, held.operator) if held.field else None
    return PageRequest(held.size, wanted, (held.after_name, held.after_id))


def _was_issued_here(held: Continuation) -> bool:
    wanted = (held.field in _FIELDS.values() and held.operator in _OPERATORS.values()) or held.field == ""
    return wanted and 1 <= held.size <= MAX_SIZE and guid_of(held.after_id) is not None


def continuation_token(page: PageRequest, after_name: str, after_id: str) -> str:
    """Return the token that continues a page after its last customer."""
    wanted = page.filter or CustomerFilter("", "", "")
    return token_of(Continuation(after_name, after_id, page.size, wanted.field, wanted.value, wanted.operator))


def token_of(held: msgspec.Struct) -> str:
    """Return what a page has to be continued by, as one word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(held)).decode().rstrip("=")


def held_in(token: str, kind: type[Held]) -> Held:
    """Return what is in a token.

    Raises:
        FaultError: InvalidContinuation when it is none of this kind.
    """
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(token + "==="), type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise FaultError(faults.INVALID_CONTINUATION) from error
