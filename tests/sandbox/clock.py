"""A clock in the test's hand."""

from datetime import UTC, datetime, timedelta


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        """Begin on a day in July."""
        self._now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self._now

    def advance(self, **by: float) -> None:
        """Move on; `by` as for `timedelta`."""
        self._now += timedelta(**by)
