"""Moments that clients send in a query, and the forms in which they are answered."""

from datetime import UTC, datetime, timedelta

# The .NET client formats a DateTime by the culture en-US. https://learn.microsoft.com/partner-center/developer/
# get-a-record-of-partner-center-activity-by-user (request sample)
_AMERICAN = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y")
# As many as the year 9999 has.
_MOST_DIGITS = 19


def moment_in(text: str) -> datetime | None:
    """Return a moment in UTC, also of a day alone, which is its beginning; `None` when it is not understood.

    Parameters:
        text: ``2017-06-01``, ``2017-06-01T08:30:00Z``, ``6/1/2017 12:00:00 AM`` or ``6/1/2017``; in UTC without a zone.
    """
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return _american(text)


def _american(text: str) -> datetime | None:
    for form in _AMERICAN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def is_midnight(moment: datetime) -> bool:
    """Return whether a moment is the beginning of a day, as a day alone is read."""
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)


def seven_decimals(moment: datetime) -> str:
    """Return a moment in UTC with the seven decimals of .NET and a Z."""
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "0Z"


def moment_of_ticks(text: str) -> datetime | None:
    """Return the moment that such a count tells, in UTC; `None` when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    try:
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(text) // 10)
    except OverflowError:
        return None


def ticks(moment: datetime) -> int:
    """Return a moment in UTC as .NET counts time: in tenths of microseconds since the year 1.

    Source: https://learn.microsoft.com/dotnet/api/system.datetime.ticks
    """
    since = moment - datetime(1, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 10**7 + since.microseconds * 10
