"""Whether something was asked as often as a test expects, and the sentence that says what was asked instead."""

from collections.abc import Iterable
from typing import Final

import msgspec

from vetline.sandbox.control.requests import bad
from vetline.sandbox.sight.journal.criteria import Criteria
from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.wire.faults import Fault
from vetline.wire.reading import Members, whole_number

# 406 is what MockServer's /verify answers: https://www.mock-server.com/mock_server/verification.html
NOT_VERIFIED: Final = Fault("NotVerified", 406, "800002", "It was not asked so often.", "docs/sandbox-sight.md")

_SHOWN = 10


class Times(msgspec.Struct, frozen=True):
    """How often something is expected.

    Parameters:
        least: at least so often.
        most: at most so often; `None` for any number.
    """

    least: int = 1
    most: int | None = None

    def __contains__(self, count: object) -> bool:
        """Return whether a number is as expected."""
        return isinstance(count, int) and self.least <= count and (self.most is None or count <= self.most)

    def __str__(self) -> str:
        """Return it in words."""
        if self.most is None:
            return f"at least {self.least} times"
        return f"{self.least} times" if self.least == self.most else f"{self.least} to {self.most} times"


def times_in(members: Members) -> Times:
    """Take how often out of a control body; at least once where it does not say.

    Raises:
        FaultError: it contradicts itself, or names no number.
    """
    exactly, least, most = (_number(members, name) for name in ("times", "atLeast", "atMost"))
    if exactly is not None:
        if least is not None or most is not None:
            raise bad("send either times, or atLeast and atMost.")
        return Times(exactly, exactly)
    found = Times(1 if least is None and most is None else least or 0, most)
    if found.most is not None and found.most < found.least:
        raise bad("atMost is less than atLeast.")
    return found


def complaint(times: Times, met: list[Exchange], every: Iterable[Exchange], criteria: Criteria) -> str:
    """Return the sentence about a number that is not as expected."""
    found = f"It was expected {times}, and was asked {len(met)} times"
    if met:
        shown = ", ".join(str(one.number) for one in met[:_SHOWN])
        return f"{found}: see {shown}{' and more' if len(met) > _SHOWN else ''} in /sandbox/journal."
    nearest = min(every, key=lambda one: len(criteria.unmet_by(one)), default=None)
    if nearest is None:
        return f"{found}: the journal is empty. Is the client pointed at this sandbox, and at this world?"
    differs = ", ".join(criteria.unmet_by(nearest))
    asked = f"{nearest.method} {nearest.path[:200]}"
    return f"{found}. Nearest is {nearest.number}, {asked}, answered {nearest.status}; it differs in {differs}."


def _number(members: Members, name: str) -> int | None:
    value = members.pop(name.lower(), None)
    if value is None:
        return None
    number = whole_number(value)
    if number is None or number < 0:
        raise bad(f"{name} must be a number from 0 on.")
    return number
