"""Forgets uploads that nobody asks for any more, and those that were never taken in whole."""

from datetime import timedelta

from vetline.clock import Clock
from vetline.store.port import Store

# An upload holds what its file holds, and the cases that came of it stand without it.
KEPT = timedelta(days=90)
# Taking a file in is a matter of seconds: what is not whole by then was ended by a kill.
ABANDONED = timedelta(hours=1)
BATCH = 1_000


class OldUploadsDuty:
    """Removes uploads that are long done, a batch at a time so that nobody waits long for the writer.

    Parameters:
        store: where they are.
        clock: the time.
    """

    interval_seconds = 60.0

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run_once(self) -> bool:
        """Forget one batch of rows; return whether more may be old enough."""
        now = self._clock.now()
        return await self._store.uploads.forget(now - KEPT, now - ABANDONED, BATCH) == BATCH
