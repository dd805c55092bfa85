"""What happened on each day. An hour that is over does not change: it is summed up once, and a day of its hours.

Only a sandbox removes customers: one that is gone stays in the sums of the days that are over until a reset.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from vetline.desk.summing import DAY, start_of
from vetline.store.happenings import Happening, Happenings
from vetline.store.port import Store

HOUR: Final = timedelta(hours=1)
# What is saved is there a moment after the time that it bears.
SETTLED: Final = timedelta(minutes=2)


class Past:
    """The sums of the days, as far as they were asked for.

    Parameters:
        store: what happened.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days: dict[date, Happenings] = {}
        self._hours: dict[datetime, Happenings] = {}

    async def on(self, day: date, now: datetime) -> Happenings:
        """Return what happened on a day, as far as it has come.

        Raises:
            UnavailableError.
        """
        if day in self._days:
            return self._days[day]
        hours = [start_of(day) + place * HOUR for place in range(24)]
        total = sum([await self._in(hour, now) for hour in hours], Counter[Happening]())
        if start_of(day) + DAY + SETTLED <= now:
            self._days[day] = total
            for hour in hours:
                self._hours.pop(hour, None)
        return total

    def forget_before(self, day: date) -> None:
        """Forget the days before one: nobody asks for them any more."""
        self._days = {kept: happened for kept, happened in self._days.items() if kept >= day}

    async def _in(self, hour: datetime, now: datetime) -> Happenings:
        """Return what happened in an hour; what has not begun is not asked for."""
        if hour > now:
            return Counter()
        if (kept := self._hours.get(hour)) is not None:
            return kept
        found = await self._store.happenings(hour, hour + HOUR)
        if hour + HOUR + SETTLED <= now:
            self._hours[hour] = found
        return found
