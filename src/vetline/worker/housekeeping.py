"""Forgets what nobody can ask for any more: old answers, and ended sessions whose time would be over anyway."""

from datetime import timedelta

from vetline.clock import Clock
from vetline.store.port import Store

# A retry gets its answer for at least a day; twice that leaves no doubt at the edge.
KEPT = timedelta(hours=48)
BATCH = 1_000

# Another process's clock may be behind: to it, a session that is forgotten here must be over too.
LATE_CLOCKS = timedelta(hours=1)


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


class EndedSessionsDuty:
    """Removes sessions that were ended, once nobody could use their cookies anyway.

    Parameters:
        store: where they are.
        clock: the machine's own, because sessions go by it.
    """

    interval_seconds = 60.0

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run_once(self) -> bool:
        """Forget one batch; return whether more may be old enough."""
        return await self._store.forget_sessions(self._clock.now() - LATE_CLOCKS, BATCH) == BATCH
