"""Says how an answer's JSON differs from what a contract file expects; README.md describes the matchers."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def differences(expected: Any, found: Any, where: str = "") -> Iterator[str]:
    """Yield one sentence for each difference, `where` being the JSON pointer of the place."""
    if _is_matcher(expected):
        for name, wanted in expected.items():
            yield from _MATCHERS[name](wanted, found, where)
    elif isinstance(expected, dict) and isinstance(found, dict):
        yield from _members(expected, found, where)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _elements(expected, found, where)
    elif type(expected) is not type(found) or expected != found:
        yield f"{where or 'body'}: expected {expected!r}, found {found!r}"


def _is_matcher(expected: Any) -> bool:
    return isinstance(expected, dict) and bool(expected) and all(name.startswith("$") for name in expected)


def _members(expected: dict[str, Any], found: dict[str, Any], where: str) -> Iterator[str]:
    for name in found.keys() - expected.keys():
        yield f"{where}/{name}: not expected, found {found[name]!r}"
    yield from _has(expected, found, where)


def _elements(expected: list[Any], found: list[Any], where: str) -> Iterator[str]:
    if len(expected) != len(found):
        yield f"{where or 'body'}: expected {len(expected)} elements, found {len(found)}: {found!r}"
        return
    for number, (wanted, element) in enumerate(zip(expected, found, strict=True)):
        yield from differences(wanted, element, f"{where}/{number}")


def _has(wanted: dict[str, Any], found: Any, where: str) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{where or 'body'}: expected an object, found {found!r}"
        return
    for name, member in wanted.items():
        if name not in found:
            yield f"{where}/{name}: missing, expected {member!r}"
        else:
            yield from differences(member, found[name], f"{where}/{name}")


def _lacks(wanted: list[str], found: Any, where: str) -> Iterator[str]:
    yield from (f"{where}/{name}: must be absent" for name in wanted if name in found)


def _regex(wanted: str, found: Any, where: str) -> Iterator[str]:
    if not (isinstance(found, str) and re.fullmatch(wanted, found)):
        yield f"{where or 'body'}: expected a text like {wanted!r}, found {found!r}"


def _type(wanted: str, found: Any, where: str) -> Iterator[str]:
    if not isinstance(found, _TYPES[wanted]) or (wanted == "integer" and isinstance(found, bool)):
        yield f"{where or 'body'}: expected {wanted}, found {found!r}"


def _each(wanted: Any, found: Any, where: str) -> Iterator[str]:
    if not isinstance(found, list):
        yield f"{where or 'body'}: expected an array, found {found!r}"
        return
    for number, element in enumerate(found):
        yield from differences(wanted, element, f"{where}/{number}")


def _contains(wanted: Any, found: Any, where: str) -> Iterator[str]:
    if not any(next(differences(wanted, element), None) is None for element in found):
        yield f"{where or 'body'}: no element is {wanted!r} in {found!r}"


def _length(wanted: int, found: Any, where: str) -> Iterator[str]:
    if len(found) != wanted:
        yield f"{where or 'body'}: expected length {wanted}, found {len(found)}"


def _not(wanted: Any, found: Any, where: str) -> Iterator[str]:
    if next(differences(wanted, found, where), None) is None:
        yield f"{where or 'body'}: must not be {wanted!r}"


_MATCHERS: Mapping[str, Callable[[Any, Any, str], Iterator[str]]] = {
    "$has": _has,
    "$lacks": _lacks,
    "$regex": _regex,
    "$type": _type,
    "$each": _each,
    "$contains": _contains,
    "$length": _length,
    "$not": _not,
}
