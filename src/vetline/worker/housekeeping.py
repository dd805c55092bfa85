"""Forgets the answers that no retry can ask for any more."""

from datetime import timedelta

from vetline.clock import Clock
from vetline.store.port import Store

# A retry gets its answer for at least a day; twice that leaves no doubt at the edge.
KEPT = timedelta(hours=48)
BATCH = 1_000


class HousekeepingDuty:
    """Removes old remembered answers, a batch at a time so that nobody waits long for the writer.

    Parameters:
        store: where they are.
        clock: the time.
    """

    interval_seconds = 60.0

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run_once(self) -> bool:
        """Forget one batch; return whether more may be old enough."""
        return await self._store.forget_answers(self._clock.now() - KEPT, BATCH) == BATCH
