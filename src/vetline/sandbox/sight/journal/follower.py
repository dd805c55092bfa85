"""Somebody who looks on while exchanges end. Whoever is too slow misses some, and is told so."""

import asyncio
from collections import deque

from vetline.sandbox.sight.journal.exchange import Exchange

_PATIENT_WITH = 1_000


class Follower:
    """One who looks on.

    Attributes:
        missed: how many exchanges were not told, because nobody took the earlier ones.
    """

    def __init__(self) -> None:
        self.missed = 0
        self._untold: deque[Exchange] = deque()
        self._news = asyncio.Event()
        self._ended = False

    def tell(self, exchange: Exchange) -> None:
        """Tell of an exchange that has ended."""
        if len(self._untold) >= _PATIENT_WITH:
            self.missed += 1
            return
        self._untold.append(exchange)
        self._news.set()

    def end(self) -> None:
        """Say that no more will be told."""
        self._ended = True
        self._news.set()

    async def next(self, seconds: float) -> Exchange | None:
        """Return the next exchange; `None` when there was none for so long.

        Raises:
            StopAsyncIteration: there will be none.
        """
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return None
        if not self._untold:
            raise StopAsyncIteration
        found = self._untold.popleft()
        if not self._untold and not self._ended:
            self._news.clear()
        return found
