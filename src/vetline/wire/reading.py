"""Reading JSON as the real service's parser does: member names in any case, unknown members ignored."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from vetline.wire import faults
from vetline.wire.faults import FaultError

Members = dict[str, Any]

MAX_TEXT = 2048
# A number where a text belongs is read as its digits, up to the longest that every JSON reader keeps exact.
MAX_NUMBER = 10**15
_UNPRINTABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_MAX_QUERY_FIELDS = 64
_BOM = b"\xef\xbb\xbf"


def json_of(body: bytes) -> Any:
    """Return a body's JSON value; a byte order mark is tolerated.

    Raises:
        FaultError: MalformedJson when it is none, or is nested beyond reason.
    """
    try:
        return msgspec.json.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise FaultError(faults.MALFORMED_JSON) from error


def folded(value: Any) -> Members:
    """Return an object's members under their lower-case names; empty when it is no object."""
    return {name.lower(): member for name, member in value.items()} if isinstance(value, dict) else {}


def object_of(body: bytes) -> Members:
    """Return the members of a body that must be a JSON object, under their lower-case names.

    Raises:
        FaultError: MalformedJson or InvalidInput.
    """
    value = json_of(body)
    if not isinstance(value, dict):
        raise FaultError(faults.INVALID_INPUT, "Invalid request input: the body must be a JSON object.")
    return folded(value)


def text_member(members: Members, name: str, *, limit: int = MAX_TEXT, within: str = "") -> str:
    """Return a text member, stripped; empty when it is absent or null.

    Parameters:
        members: an object's members, from `folded`.
        name: the member, in the wire's own casing.
        limit: the longest text accepted, in characters.
        within: the path of the object, for the error's text.

    Raises:
        FaultError: InvalidProperty when it is no text or too long.
    """
    value = members.get(name.lower())
    if value is None:
        return ""
    return _printable(_text_of(value, within + name), within + name, limit).strip()


def _text_of(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    if (number := whole_number(value)) is not None and abs(number) <= MAX_NUMBER:
        return str(number)
    raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {name} must be text.")


def required_text(members: Members, name: str, *, limit: int = MAX_TEXT, within: str = "") -> str:
    """Return a text member that must be there; see `text_member`.

    Raises:
        FaultError: InvalidProperty when it is absent, blank, no text or too long.
    """
    text = text_member(members, name, limit=limit, within=within)
    if not text:
        raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {within}{name} is required.")
    return text


def whole_number(value: Any) -> int | None:
    """Return a JSON number that is whole, also when it is written as ``5.0``; `None` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def _printable(text: str, name: str, limit: int) -> str:
    if len(text) > limit:
        raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {name} is longer than {limit} characters.")
    if _UNPRINTABLE.search(text):
        raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {name} holds control characters.")
    return text


def query_of(raw: bytes) -> dict[str, str]:
    """Return a query's fields under their lower-case names; the first of equal names counts, ``+`` is a blank.

    Raises:
        FaultError: InvalidInput when it is not UTF-8 or has too many fields.
    """
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_QUERY_FIELDS
        )
    except ValueError as error:
        raise FaultError(faults.INVALID_INPUT, "Invalid request input: the query cannot be read.") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), value)
    return found


def json_text(value: object) -> str:
    """Return a value as compact JSON text."""
    return json.dumps(value, separators=(",", ":"))
