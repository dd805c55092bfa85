"""By when a person should have decided: so many business days after the submission. Pure.

Business days are Monday to Friday in UTC; a weekend takes no time, so what comes in then counts as Monday's.
https://learn.microsoft.com/partner-center/sell-to-education-customers: three business days is the usual wait
"""

from datetime import UTC, datetime, timedelta

_DAY = timedelta(days=1)
_WEEK, _BUSINESS_WEEK, _WEEKEND = 7 * _DAY, 5 * _DAY, 2 * _DAY
_A_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)


def due_date(submitted_at: datetime, days: int) -> datetime:
    """Return the moment so many business days later, at the same time of day."""
    return _last_moment(_business_time(submitted_at) + days * _DAY)


def overdue_before(now: datetime, days: int) -> datetime:
    """Return before which moment a case was submitted that is overdue now: its due date has passed."""
    return _first_moment(_business_time(now) - days * _DAY)


def _business_time(moment: datetime) -> timedelta:
    """Return how much time had passed on business days; it stands still on weekends."""
    weeks, into = divmod(moment - _A_MONDAY, _WEEK)
    return weeks * _BUSINESS_WEEK + min(into, _BUSINESS_WEEK)


def _last_moment(business_time: timedelta) -> datetime:
    """Return when so much had passed: of a weekend its end."""
    weeks, into = divmod(business_time, _BUSINESS_WEEK)
    return _A_MONDAY + weeks * _WEEK + into


def _first_moment(business_time: timedelta) -> datetime:
    """Return when so much had passed: of a weekend its beginning."""
    moment = _last_moment(business_time)
    return moment - _WEEKEND if business_time % _BUSINESS_WEEK == timedelta(0) else moment
