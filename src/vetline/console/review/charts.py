"""The dashboard's figures as what is drawn: series with their names, the same numbers that its tables show."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vetline.console.texts import Texts
from vetline.desk.summing import AGES, Figures
from vetline.store.happenings import BOUNDS

_UNITS = (("week", timedelta(weeks=1)), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)))
_SHORT_UNITS = (("minute", timedelta(minutes=1)), ("second", timedelta(seconds=1)))


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars, or one line.

    Parameters:
        name: in words.
        colour: of the palette in the style sheet.
        values: one for each label of its chart.
        line: a line instead of bars.
    """

    name: str
    colour: str
    values: tuple[int, ...]
    line: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing, and the table that says the same.

    Parameters:
        id: its name in the page.
        labels: of the classes, in words; days are ISO dates.
        series: what is drawn.
        days: the labels are days.
        across: bars from left to right, for long labels.
    """

    id: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    days: bool = False
    across: bool = False


def charts(found: Figures, t: Texts) -> tuple[Chart, ...]:
    """Return all that is drawn of the figures."""
    return (
        _flow(found, t),
        _waiting(found, t),
        _took(found, t),
        _outcomes(found, t),
        _reasons(found, t),
        _ages(found, t),
    )


def _flow(found: Figures, t: Texts) -> Chart:
    series = (
        Series(t("dashboard.flow.data"), "data", tuple(one.by_data for one in found.days)),
        Series(t("dashboard.flow.people"), "people", tuple(one.by_people for one in found.days)),
        Series(t("dashboard.flow.submitted"), "text", tuple(one.submitted for one in found.days), line=True),
    )
    return Chart("flow", _days(found), series, days=True)


def _waiting(found: Figures, t: Texts) -> Chart:
    waiting = tuple(one.waiting for one in found.days)
    return Chart(
        "waiting", _days(found), (Series(t("dashboard.waiting.series"), "warn", waiting, line=True),), days=True
    )


def _days(found: Figures) -> tuple[str, ...]:
    return tuple(one.day.isoformat() for one in found.days)


def _took(found: Figures, t: Texts) -> Chart:
    series = (
        Series(t("dashboard.flow.data"), "data", found.took_data),
        Series(t("dashboard.flow.people"), "people", found.took_people),
    )
    return Chart("took", tuple(_classes([_length(bound, t) for bound in BOUNDS], t)), series, across=True)


def _outcomes(found: Figures, t: Texts) -> Chart:
    labels = tuple(t(f"partner.programme.{one.programme.value}") for one in found.outcomes)
    series = (
        Series(t("dashboard.outcomes.approved"), "good", tuple(one.approved for one in found.outcomes)),
        Series(t("dashboard.outcomes.denied"), "bad", tuple(one.denied for one in found.outcomes)),
        Series(t("dashboard.outcomes.revoked"), "warn", tuple(one.revoked for one in found.outcomes)),
    )
    return Chart("outcomes", labels, series, across=True)


def _reasons(found: Figures, t: Texts) -> Chart:
    labels = tuple(t(f"review.reason.{reason.value}") for reason, _ in found.reasons)
    given = tuple(number for _, number in found.reasons)
    return Chart("reasons", labels, (Series(t("dashboard.reasons.series"), "bad", given),), across=True)


def _ages(found: Figures, t: Texts) -> Chart:
    labels = tuple(_classes([t("dashboard.unit.business_day", count=days) for days in AGES], t))
    colours = ("data", "people", "warn")
    series = tuple(
        Series(t(f"partner.programme.{one.programme.value}"), colour, one.waiting)
        for one, colour in zip(found.ages, colours, strict=True)
        if any(one.waiting)
    )
    return Chart("ages", labels, series)


def _classes(bounds: Sequence[str], t: Texts) -> Iterator[str]:
    yield t("dashboard.class.below", bound=bounds[0])
    for low, high in itertools.pairwise(bounds):
        yield t("dashboard.class.between", low=low, high=high)
    yield t("dashboard.class.above", bound=bounds[-1])


def _length(length: timedelta, t: Texts) -> str:
    for name, unit in (*_UNITS, *_SHORT_UNITS):
        if length >= unit and length % unit == timedelta(0):
            return t(f"dashboard.unit.{name}", count=length // unit)
    raise ValueError("shorter than a second")
