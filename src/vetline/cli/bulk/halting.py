"""Why a run ends before its last row, and telling everybody at once."""

import asyncio
from enum import Enum


class Why(Enum):
    """What ended a run early."""

    INTERRUPTED = "interrupted"
    FAILURES = "failures"
    AUTHENTICATION = "authentication"
    UNANSWERED = "unanswered"
    JOURNAL = "journal"
    INPUT = "input"
    TIME = "time"


class Halt:
    """Called once, it lets nothing new begin. The first reason counts."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.why: Why | None = None
        self.sentence = ""

    @property
    def called(self) -> bool:
        """Whether the run is to end."""
        return self.why is not None

    def call(self, why: Why, sentence: str) -> None:
        """End the run.

        Parameters:
            why: the kind of reason.
            sentence: the reason in words, and what to do about it.
        """
        if self.why is None:
            self.why, self.sentence = why, sentence
            self._event.set()

    async def wait(self) -> None:
        """Wait until it is called."""
        await self._event.wait()

    async def called_within(self, seconds: float) -> bool:
        """Wait so long, or until it is called; return whether it was."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True
