"""What happened to the cases of all partners, summed up. Pure: both stores count the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from vetline.vetting.case import Step
from vetline.vetting.words import Programme, Reason

# The steps that move a case on; what is only proposed has not happened yet.
COUNTED: Final = (Step.SUBMIT, Step.REDEEM, Step.HOLD, Step.APPROVE, Step.DENY, Step.REVOKE)
# Those that end a review.
DECISIONS: Final = frozenset({Step.APPROVE, Step.DENY})
# How long a decision takes: each bound begins the next class, the first class is below the first bound.
BOUNDS: Final = (
    timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1),
    timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(weeks=1), timedelta(weeks=2),
    timedelta(weeks=4),
)  # fmt: skip
MICROSECOND: Final = timedelta(microseconds=1)


class Happening(NamedTuple):
    """What is counted together.

    Parameters:
        programme: of the case.
        step: what happened.
        by_person: a reviewer did it.
        reason: why, for a denial.
        took: how many of `BOUNDS` a decision took at least, counted from the submission; 0 for all else.
    """

    programme: Programme
    step: Step
    by_person: bool = False
    reason: Reason | None = None
    took: int = 0


Happenings = Counter[Happening]


def counted(rows: Sequence[Sequence[Any]]) -> Happenings:
    """Return what the rows of ``happenings`` say: what is counted together in its order, and how often."""
    return Counter(
        {
            Happening(Programme(programme), Step(step), bool(person), Reason(reason) if reason else None, took): number
            for programme, step, person, reason, took, number in rows
        }
    )


def by_place(rows: Sequence[Sequence[Any]], places: int) -> Sequence[Mapping[Programme, int]]:
    """Return what the rows of ``waiting_before`` say: the place of a moment, a programme, and how many."""
    found: list[dict[Programme, int]] = [{} for _ in range(places)]
    for place, programme, number in rows:
        found[place][Programme(programme)] = number
    return found
