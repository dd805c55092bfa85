"""Screens the cases that are due. A case claimed by a worker that died is due again when its lease ends."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from vetline.clock import Clock
from vetline.desk.screening import Screening
from vetline.logs import get_logger
from vetline.store.port import Store, StoreError
from vetline.vetting.case import Case
from vetline.vetting.decide import Decision

LEASE = timedelta(seconds=60)
BATCH = 64

log = get_logger("vetline.worker")


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
        for decision in await self._settled(cases):
            self._decided(decision.case.stage.value)
        return len(cases) == BATCH

    async def _settled(self, cases: Sequence[Case]) -> list[Decision]:
        try:
            return await self._screening.settle(cases)
        except StoreError:
            raise
        except Exception as error:
            return await self._settled_singly(cases, error)

    async def _settled_singly(self, cases: Sequence[Case], error: Exception) -> list[Decision]:
        """Settle all but those that cannot be judged; when that is every one of them, it is not the cases' fault."""
        decisions: list[Decision] = []
        failed: list[tuple[Case, Exception]] = []
        for case in cases:
            try:
                decisions += await self._screening.settle([case])
            except StoreError:
                raise
            except Exception as reason:
                failed.append((case, reason))
        if len(failed) == len(cases):
            raise error
        for case, cause in failed:
            log.error("case cannot be judged", partner=case.partner, customer=case.customer, exc_info=cause)
        return decisions
