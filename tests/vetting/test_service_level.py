"""By when a person should have decided, in business days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vetline.vetting.service_level import due_date, overdue_before

DAYS = st.integers(0, 30)
# Whole hours meet the edges of weekends, which chance alone would not.
MOMENTS = st.one_of(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    st.integers(0, 24 * 60).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)),
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("submitted", "days", "due"),
    [
        ("2026-03-02T09:30", 3, "2026-03-05T09:30"),  # Monday to Thursday
        ("2026-03-05T09:30", 3, "2026-03-10T09:30"),  # Thursday to Tuesday
        ("2026-03-07T09:30", 3, "2026-03-12T00:00"),  # Saturday counts as Monday's beginning
        ("2026-03-08T23:59", 3, "2026-03-12T00:00"),  # and so does Sunday
        ("2026-03-06T23:59", 1, "2026-03-09T23:59"),  # Friday to Monday
        ("2026-03-02T00:00", 5, "2026-03-09T00:00"),  # a week to the day, not the Saturday before
        ("2026-03-03T08:00", 0, "2026-03-03T08:00"),
    ],
)
def test_due_date_is_so_many_business_days_later(submitted: str, days: int, due: str) -> None:
    """Monday to Friday, at the same time of day."""
    assert due_date(_at(submitted), days) == _at(due)


@given(submitted=MOMENTS, now=MOMENTS, days=DAYS)
@example(submitted=_at("2026-03-07T00:00"), now=_at("2026-03-12T00:00"), days=3)
@example(submitted=_at("2026-03-06T23:59"), now=_at("2026-03-14T12:00"), days=5)
def test_overdue_is_what_was_due_before_now(submitted: datetime, now: datetime, days: int) -> None:
    """One is the inverse of the other, so a query by the submission's moment finds exactly what is overdue."""
    assert (submitted < overdue_before(now, days)) is (due_date(submitted, days) < now)


@given(submitted=MOMENTS, days=DAYS)
def test_due_date_is_a_business_day_and_never_too_early(submitted: datetime, days: int) -> None:
    """A whole business day for each, whatever lies between."""
    due = due_date(submitted, days)
    assert due.weekday() < 5
    assert due - submitted >= timedelta(days=days)


@given(one=MOMENTS, other=MOMENTS, days=DAYS)
def test_who_came_first_is_due_first(one: datetime, other: datetime, days: int) -> None:
    """The order of the queue is the order of the due dates."""
    first, second = sorted((one, other))
    assert due_date(first, days) <= due_date(second, days)
