"""Reads the plans that somebody writes, from JSON: all of a plan or nothing.

Unlike the service's own reading, an unknown member is an error: a misspelt `times` would strike for ever.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from vetline.sandbox.faults.kinds import DETAILS, OF_DELIVERIES, Form, Kind
from vetline.sandbox.faults.operations import ANY, Operations, Target
from vetline.sandbox.faults.plan import LARGEST_SEED, Planned
from vetline.wire.reading import Members, folded, whole_number
from vetline.wire.webhooks import EVENTS

T = TypeVar("T")

MOST_AT_ONCE = 1000
LONGEST_SECONDS = 300
_LARGEST_NUMBER = 10**9
_EVERYWHERE = ("kind", "operation", "times", "probability", "after")


def planned_in(value: Any, operations: Operations) -> list[Planned]:
    """Return the faults that a JSON value asks for: one object, or a list of them.

    Parameters:
        operations: what can be struck.

    Raises:
        ValueError: it is not understood; the sentence says what to give.
    """
    items = value if isinstance(value, list) else [value]
    if not 0 < len(items) <= MOST_AT_ONCE:
        raise ValueError(f"give one fault, or a list of 1 to {MOST_AT_ONCE}")
    found = []
    for place, item in enumerate(items, 1):
        try:
            found.append(_planned(item, operations))
        except ValueError as error:
            raise ValueError(f"fault {place} of {len(items)}: {error}") from None
    return found


def seed_in(value: Any) -> int:
    """Return a seed.

    Raises:
        ValueError: it is none.
    """
    return _whole(value, "seed", 0, LARGEST_SEED)


def _planned(item: Any, operations: Operations) -> Planned:
    if not isinstance(item, dict):
        raise ValueError('give an object such as {"kind": "throttled", "operation": "*", "times": 2}')
    members = folded(item)
    kind = _kind(members.get("kind"))
    _check_names(item, kind)
    times = _given(members, "times", lambda value: _whole(value, "times", 1))
    probability = _given(members, "probability", _probability)
    return Planned(
        kind=kind,
        target=_target(members.get("operation"), kind, operations),
        times=1 if times is None and probability is None else times,
        probability=probability,
        after=_given(members, "after", lambda value: _whole(value, "after", 0)) or 0,
        **_details(members),
    )


def _details(members: Members) -> dict[str, Any]:
    """Return what is given of that which only some kinds have."""
    found = {
        "retry_after_seconds": _given(members, "retryAfterSeconds", _seconds_told),
        "retry_after_form": _given(members, "retryAfterForm", _form),
        "seconds": _given(members, "seconds", _seconds),
    }
    return {name: value for name, value in found.items() if value is not None}


def _given(members: Members, name: str, read: Callable[[Any], T]) -> T | None:
    value = members.get(name.lower())
    return None if value is None else read(value)


def _kind(value: Any) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise ValueError(f"kind must be one of {', '.join(Kind)}") from None


def _check_names(item: dict[str, Any], kind: Kind) -> None:
    known = (*_EVERYWHERE, *DETAILS.get(kind, ()))
    lower = {name.lower() for name in known}
    for name in item:
        if name.lower() not in lower:
            raise ValueError(f"'{name[:80]}' is nothing that {kind} has: it has {', '.join(known)}")


def _target(value: Any, kind: Kind, operations: Operations) -> Target:
    text = ANY if value is None else value
    if kind in OF_DELIVERIES:
        return _event(text, kind)
    if not isinstance(text, str):
        raise ValueError("operation must be text, such as * or POST /v1/customers/*/qualifications")
    return operations.target(text)


def _event(text: Any, kind: Kind) -> Target:
    if text not in (ANY, *EVENTS):
        raise ValueError(f"{kind} is for webhooks: its operation must be * or one of {', '.join(EVENTS)}")
    return Target(text)


def _seconds_told(value: Any) -> int:
    return _whole(value, "retryAfterSeconds", 0)


def _form(value: Any) -> Form:
    try:
        return Form(value)
    except ValueError:
        raise ValueError(f"retryAfterForm must be one of {', '.join(Form)}") from None


def _whole(value: Any, name: str, least: int, most: int = _LARGEST_NUMBER) -> int:
    number = whole_number(value)
    if number is None or not least <= number <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")
    return number


def _probability(value: Any) -> float:
    if not _is_number(value) or not 0 < value <= 1:
        raise ValueError("probability must be a number above 0, at most 1")
    return float(value)


def _seconds(value: Any) -> float:
    if not _is_number(value) or not 0 < value <= LONGEST_SECONDS:
        raise ValueError(f"seconds must be a number above 0, at most {LONGEST_SECONDS}")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
