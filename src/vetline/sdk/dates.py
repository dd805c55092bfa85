"""Dates in every form in which Partner Center was seen to write them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020): the preview wrote 07/09/2020:
# 00:00:00
_PREVIEW = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}):?\s+(\d{1,2}):(\d{2}):(\d{2})\s*([AP]M)?", re.ASCII | re.IGNORECASE)
# .NET writes seven decimals, Python reads six: 2021-05-06T19:59:56.6832021+00:00
# https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous
_FRACTION = re.compile(r"(\.\d{6})\d+", re.ASCII)


def moment_of(text: object) -> datetime | None:
    """Return a date on the wire as an aware moment in UTC; `None` when there is none or it is not understood.

    Parameters:
        text: ``2020-12-04T20:54:24Z``, ``...38.885Z``, ``...56.6832021+00:00`` or ``07/09/2020: 00:00:00``. One without
            a zone is in UTC.
    """
    if not isinstance(text, str):
        return None
    try:
        return _utc(datetime.fromisoformat(_FRACTION.sub(r"\1", text.strip())))
    except (ValueError, OverflowError):
        return _preview(text.strip())


def _preview(text: str) -> datetime | None:
    found = _PREVIEW.fullmatch(text)
    if found is None:
        return None
    month, day, year, hour, minute, second = (int(part) for part in found.groups()[:6])
    half = (found[7] or "").upper()
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def http_date(text: str) -> datetime | None:
    """Return the moment that an HTTP date names, in UTC; `None` when it is none (RFC 9110, section 5.6.7)."""
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
