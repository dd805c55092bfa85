"""How far a clock is to jump, as a person writes it. Pure."""

import re
from datetime import datetime, timedelta

from vetline.vetting.service_level import due_date

KNOWN = "'3 business days', '2 weeks', '5 days', '36 hours', '90 minutes' or '45 seconds'"

_WRITTEN = re.compile(r"(\d{1,9}) (business day|week|day|hour|minute|second)s?", re.ASCII)
_UNITS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}


def moment_after(now: datetime, text: str) -> datetime:
    """Return the moment that lies so far ahead.

    Parameters:
        text: such as ``3 business days``: Monday to Friday in UTC.

    Raises:
        ValueError: it is not understood, or lies beyond every calendar.
    """
    found = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    if not found:
        raise ValueError(f"'{text[:50]}' is no distance in time: give {KNOWN}.")
    number, unit = int(found[1]), found[2]
    try:
        return due_date(now, number) if unit == "business day" else now + number * _UNITS[unit]
    except OverflowError as error:
        raise ValueError(f"'{text[:50]}' is too far.") from error
