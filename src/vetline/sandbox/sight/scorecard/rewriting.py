"""The probes: answers that a client of today does not expect, and that the documents allow or that came to pass. Pure.

The change log speaks of "Approved, Denied, InReview, etc."; samples of the same service write the date's name in two
ways: https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020)
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from vetline.sandbox.sight.scorecard.call import elements, is_open

Element = dict[str, Any]

UNKNOWN_STATUS: Final = "AwaitingPartner"
_CREATE, _CREATED = "vettingCreateDate", "vettingCreatedDate"


def rewritten(kind: str, body: bytes) -> bytes | None:
    """Return an answer as a probe has it; `None` when there is nothing in it to change."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    wanted = [one for one in elements(found) if is_open(one)]
    for element in wanted:
        PROBES[kind](element)
    return msgspec.json.encode(found) if wanted else None


def _unknown_status(element: Element) -> None:
    name = next(one for one in element if one.lower() == "vettingstatus")
    element[name] = UNKNOWN_STATUS


def _unknown_member(element: Element) -> None:
    element["reviewTier"] = {"level": 2, "queues": ["academic", None], "expedited": False}


def _only(kept: str, dropped: str) -> Callable[[Element], None]:
    def change(element: Element) -> None:
        dates = [element.pop(name) for name in list(element) if name.lower() in (kept.lower(), dropped.lower())]
        element[kept] = dates[0] if dates else "2020-12-03T10:37:38.885Z"

    return change


PROBES: Final[dict[str, Callable[[Element], None]]] = {
    "unknownStatus": _unknown_status,
    "unknownMember": _unknown_member,
    "onlyCreateDate": _only(_CREATE, _CREATED),
    "onlyCreatedDate": _only(_CREATED, _CREATE),
}
