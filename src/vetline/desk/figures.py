"""The figures of the review desk: read beside the requests, shared by all who look, and only while somebody looks.

A look takes its time; whoever asks gets what was seen last, at once.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from vetline.clock import Clock
from vetline.desk.past import Past
from vetline.desk.summing import Figures, age_bounds, days_until, figures
from vetline.store.port import Store, StoreError

# The windows that can be asked for, in days.
WINDOWS: Final = (7, 30, 90)
LOOK_SECONDS: Final = 5.0
# Between two looks passes so much more time than the look took.
_IDLE_SHARE: Final = 4
# Nobody looks any more who has not asked for so long.
_INTEREST_SECONDS: Final = 30.0


class FiguresDesk:
    """The figures, as of some seconds ago.

    Parameters:
        store: durable state.
        clock: the time.
        look_seconds: how much time passes between two looks, at least.
    """

    def __init__(self, store: Store, clock: Clock, look_seconds: float = LOOK_SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._look_seconds = look_seconds
        self._past = Past(store)
        self._latest: dict[int, Figures] = {}
        self._asked: dict[int, float] = {}
        self._watchers = Counter[int]()
        self._news, self._hurry = asyncio.Event(), asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def latest(self, days: int) -> Figures | None:
        """Return the figures of the last days, `None` before the first look; asking has them looked at again.

        Parameters:
            days: one of `WINDOWS`.

        Raises:
            KeyError: no such window.
        """
        if days not in WINDOWS:
            raise KeyError(days)
        self._asked[days] = asyncio.get_running_loop().time()
        if days not in self._latest:
            self._hurry.set()
        if not self._closed and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_on(), name="figures")
        return self._latest.get(days)

    async def watch(self, days: int) -> AsyncGenerator[Figures, None]:
        """Yield the figures of the last days whenever they were looked at anew, until the service ends.

        Raises:
            KeyError: no such window.
        """
        self._watchers[days] += 1
        seen = None
        try:
            while not self._closed:
                news, found = self._news, self.latest(days)
                if found is not None and found is not seen:
                    seen = found
                    yield found
                else:
                    await news.wait()
        finally:
            self._watchers[days] -= 1

    def forget(self) -> None:
        """Forget what was seen: the past itself has changed, as where a sandbox is made fresh."""
        self._past = Past(self._store)
        self._latest.clear()
        self._hurry.set()

    def close(self) -> None:
        """Let everybody go who watches, and look no more."""
        self._closed = True
        self._tell()
        if self._looking is not None:
            self._looking.cancel()

    async def _look_on(self) -> None:
        clock = asyncio.get_running_loop().time
        while wanted := self._wanted():
            begun = clock()
            with contextlib.suppress(StoreError):  # it cannot be read now; what was seen last stands
                await self._look(wanted)
            await self._pause(max(self._look_seconds, _IDLE_SHARE * (clock() - begun)))

    def _wanted(self) -> Sequence[int]:
        """Return the windows that somebody looks at, the shortest first."""
        recently = asyncio.get_running_loop().time() - _INTEREST_SECONDS
        return [days for days in WINDOWS if self._watchers[days] or self._asked.get(days, recently) > recently]

    async def _look(self, wanted: Sequence[int]) -> None:
        self._hurry.clear()
        for days in wanted:
            self._latest[days] = await self._seen(days)
            self._tell()

    async def _seen(self, days: int) -> Figures:
        now, past = self._clock.now(), self._past
        past.forget_before(days_until(now, max(WINDOWS))[0])
        happened = {day: await past.on(day, now) for day in days_until(now, days)}
        return figures(now, happened, await self._store.waiting(), await self._store.waiting_before(age_bounds(now)))

    async def _pause(self, seconds: float) -> None:
        """Let time pass, or less of it when somebody asks for what was not seen yet."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
