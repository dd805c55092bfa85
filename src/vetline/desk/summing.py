"""The figures of the review desk as values, and how they follow from what happened. Pure. Days are those of UTC."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec

from vetline.store.happenings import BOUNDS, DECISIONS, Happening, Happenings
from vetline.vetting.case import Step
from vetline.vetting.service_level import overdue_before
from vetline.vetting.words import Programme, Reason

DAY: Final = timedelta(days=1)
# How many business days a case may have waited: each begins the next class, the first class is below the first.
AGES: Final = (1, 2, 3, 5, 10)

_SUBMISSIONS: Final = frozenset({Step.SUBMIT, Step.REDEEM, Step.HOLD})
_AT_ONCE: Final = frozenset({Step.REDEEM, Step.HOLD})


class Day(msgspec.Struct, frozen=True):
    """What happened on one day.

    Parameters:
        submitted: verification requests.
        by_data, by_people: decisions on them.
        waiting: cases in review at its end; now, for the day that has not ended.
    """

    day: date
    submitted: int
    by_data: int
    by_people: int
    waiting: int


class Outcomes(msgspec.Struct, frozen=True):
    """What became of the requests of one programme.

    Parameters:
        approved, denied: the decisions; what is held by its partner's word alone is approved.
        revoked: approvals that ended.
    """

    programme: Programme
    approved: int
    denied: int
    revoked: int


class Ages(msgspec.Struct, frozen=True):
    """How long the cases of one programme have waited for a person: how many in each class of `AGES`."""

    programme: Programme
    waiting: tuple[int, ...]


class Figures(msgspec.Struct, frozen=True):
    """What a review desk looks at.

    Parameters:
        at: when it was so.
        days: what happened on each day, the last one today.
        took_data, took_people: how many decisions took how long, in the classes of `happenings.BOUNDS`.
        outcomes: by programme.
        reasons: how often each was given, all seven.
        ages: of what waits for a person, by programme.
        screening, reviewing: how many cases wait for the screening, and for a person.
    """

    at: datetime
    days: tuple[Day, ...]
    took_data: tuple[int, ...]
    took_people: tuple[int, ...]
    outcomes: tuple[Outcomes, ...]
    reasons: tuple[tuple[Reason, int], ...]
    ages: tuple[Ages, ...]
    screening: int
    reviewing: int


def days_until(now: datetime, count: int) -> list[date]:
    """Return so many days, the last one that of a moment."""
    today = now.astimezone(UTC).date()
    return [today - place * DAY for place in reversed(range(count))]


def start_of(day: date) -> datetime:
    """Return when a day begins."""
    return datetime.combine(day, time.min, UTC)


def age_bounds(now: datetime) -> list[datetime]:
    """Return before which moments a case was submitted that is at least so old: all of them, then by `AGES`."""
    return [now + DAY, *(overdue_before(now, days) for days in AGES)]


def figures(
    now: datetime,
    happened: Mapping[date, Happenings],
    waiting: tuple[int, int],
    older: Sequence[Mapping[Programme, int]],
) -> Figures:
    """Return the figures.

    Parameters:
        happened: on each day that counts.
        waiting: how many cases wait for the screening, and for a person.
        older: how many were submitted before each of `age_bounds`, by programme.
    """
    total = sum(happened.values(), Counter[Happening]())
    return Figures(
        at=now,
        days=tuple(_days(happened, sum(waiting))),
        took_data=_took(total, by_person=False),
        took_people=_took(total, by_person=True),
        outcomes=tuple(_outcomes(total, programme) for programme in Programme),
        reasons=tuple(_reasons(total)),
        ages=tuple(Ages(programme, _ages(older, programme)) for programme in Programme),
        screening=waiting[0],
        reviewing=waiting[1],
    )


def _days(happened: Mapping[date, Happenings], waiting: int) -> list[Day]:
    """Each day's end is what came and went on the days after it, taken back."""
    found: list[Day] = []
    for day in sorted(happened, reverse=True):
        here = happened[day]
        found.insert(0, _day(day, here, max(waiting, 0)))
        waiting += _number(here, lambda it: it.step in DECISIONS) - _number(here, lambda it: it.step is Step.SUBMIT)
    return found


def _day(day: date, here: Happenings, waiting: int) -> Day:
    return Day(
        day,
        _number(here, lambda it: it.step in _SUBMISSIONS),
        _number(here, lambda it: it.step in _AT_ONCE or (it.step in DECISIONS and not it.by_person)),
        _number(here, lambda it: it.step in DECISIONS and it.by_person),
        waiting,
    )


def _took(total: Happenings, *, by_person: bool) -> tuple[int, ...]:
    decided = Counter[int]()
    for it, number in total.items():
        if it.step in DECISIONS and it.by_person is by_person:
            decided[it.took] += number
    return tuple(decided[place] for place in range(len(BOUNDS) + 1))


def _outcomes(total: Happenings, programme: Programme) -> Outcomes:
    def of(*steps: Step) -> int:
        return _number(total, lambda it: it.programme is programme and it.step in steps)

    return Outcomes(programme, of(Step.APPROVE, Step.REDEEM, Step.HOLD), of(Step.DENY), of(Step.REVOKE))


def _reasons(total: Happenings) -> Iterator[tuple[Reason, int]]:
    given = Counter[Reason | None]()
    for it, number in total.items():
        given[it.reason] += number
    return ((reason, given[reason]) for reason in Reason)


def _ages(older: Sequence[Mapping[Programme, int]], programme: Programme) -> tuple[int, ...]:
    at_least = [found.get(programme, 0) for found in older]
    return tuple(_steps_down(at_least))


def _steps_down(at_least: Sequence[int]) -> Iterator[int]:
    for here, further in zip(at_least, (*at_least[1:], 0), strict=True):
        yield here - further


def _number(counts: Happenings, fits: Callable[[Happening], bool]) -> int:
    return sum(number for it, number in counts.items() if fits(it))
