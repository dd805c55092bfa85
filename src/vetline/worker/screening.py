"""Screens the cases that are due. A case claimed by a worker that died is due again when its lease ends."""

from collections.abc import Callable
from datetime import timedelta

from vetline.clock import Clock
from vetline.desk.screening import Screening
from vetline.store.port import Store

LEASE = timedelta(seconds=60)
BATCH = 64


class ScreeningDuty:
    """Takes due cases in batches and settles them.

    Parameters:
        store: where the cases are.
        screening: judges them.
        clock: the time.
        decided: told the stage of each case that moved.
    """

    interval_seconds = 1.0

    def __init__(self, store: Store, screening: Screening, clock: Clock, decided: Callable[[str], None]) -> None:
        self._store = store
        self._screening = screening
        self._clock = clock
        self._decided = decided

    async def run_once(self) -> bool:
        """Settle one batch; return whether more may be due."""
        now = self._clock.now()
        cases = await self._store.claim_due(now, now + LEASE, BATCH)
        for decision in await self._screening.settle(cases):
            self._decided(decision.case.stage.value)
        return len(cases) == BATCH
