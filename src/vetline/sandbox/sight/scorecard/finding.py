"""What a rule finds: passed, failed, or not tried, with the exchanges that show it and a sentence."""

from collections.abc import Iterable
from enum import Enum

import msgspec

from vetline.sandbox.sight.scorecard.call import Call

_SHOWN = 12


class Outcome(Enum):
    """What came of an item."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TRIED = "not tried"


class Finding(msgspec.Struct, frozen=True):
    """What a rule found.

    Parameters:
        outcome: what came of it.
        text: what was seen, in a sentence.
        numbers: the exchanges that show it.
    """

    outcome: Outcome
    text: str
    numbers: tuple[int, ...] = ()


def passed(text: str, calls: Iterable[Call]) -> Finding:
    """Return that a client does as it should."""
    return Finding(Outcome.PASSED, text, _numbers(calls))


def failed(text: str, calls: Iterable[Call]) -> Finding:
    """Return that it does not."""
    return Finding(Outcome.FAILED, text, _numbers(calls))


def not_tried(text: str, calls: Iterable[Call] = ()) -> Finding:
    """Return that nothing can be said."""
    return Finding(Outcome.NOT_TRIED, text, _numbers(calls))


def _numbers(calls: Iterable[Call]) -> tuple[int, ...]:
    return tuple(sorted({one.number for one in calls}))[:_SHOWN]


def together(findings: list[Finding]) -> Finding:
    """Return one finding for several clients: a failure of one counts, then what one of them shows."""
    for outcome in Outcome.FAILED, Outcome.PASSED, Outcome.NOT_TRIED:
        found = [one for one in findings if one.outcome is outcome]
        if found:
            numbers = tuple(sorted({number for one in found for number in one.numbers}))[:_SHOWN]
            return Finding(outcome, found[0].text, numbers)
    return not_tried("No client has called yet.")
