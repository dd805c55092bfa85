"""Reads answers tolerantly: member names in any case, unknown members kept aside, wrong types passed over."""

from typing import Any

import msgspec

from vetline.sdk.messages import RawAnswer
from vetline.wire.reading import Members, folded

_BOM = b"\xef\xbb\xbf"


def json_in(answer: RawAnswer) -> Any:
    """Return the JSON value of an answer.

    Raises:
        ValueError: it is none.
    """
    try:
        return msgspec.json.decode(answer.body.removeprefix(_BOM).strip())
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def text(members: Members, *names: str) -> str:
    """Return the first member that is a text or a number, as text; empty when there is none.

    Parameters:
        members: an object's members under their lower-case names.
        names: the names to look for, in the wire's casing.
    """
    for name in names:
        value = members.get(name.lower())
        if isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = number(members, name)
            return str(value if whole is None else whole)
    return ""


def number(members: Members, name: str) -> int | None:
    """Return a member that is a whole number, also when it is written as text; `None` otherwise."""
    value = members.get(name.lower())
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    return int(value) if isinstance(value, int) or (isinstance(value, float) and value.is_integer()) else None


def truth(members: Members, name: str) -> bool | None:
    """Return a member that is true or false; `None` otherwise."""
    value = members.get(name.lower())
    return value if isinstance(value, bool) else None


def inner(members: Members, name: str) -> Members:
    """Return the members of a member that is an object; empty otherwise."""
    return folded(members.get(name.lower()))


def texts(value: Any) -> list[str]:
    """Return the texts in a list; empty when it is no list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def objects_in(value: Any, *wrappers: str) -> list[Members]:
    """Return the objects that an answer holds: a bare array, one wrapped under a name, or a single object.

    Partner Center's documents show all three for qualifications: the array in the GET samples, ``{"qualifications":
    [...]}`` in the swagger, one object in the change log of 12/15/2020.
    https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous

    Parameters:
        value: the answer's JSON value.
        wrappers: the names under which an array may be wrapped.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(value, list):
        return [folded(one) for one in value if isinstance(one, dict)]
    if not isinstance(value, dict):
        raise ValueError("neither an array nor an object")
    members = folded(value)
    for name in wrappers:
        if isinstance(members.get(name.lower()), list):
            return objects_in(members[name.lower()])
    return [members] if members else []
