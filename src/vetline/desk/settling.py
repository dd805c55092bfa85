"""What people decided takes effect when it can't be undone any more."""

import asyncio
from datetime import timedelta
from typing import Final

from vetline.clock import Clock
from vetline.store.changes import CaseMoved, Change
from vetline.store.port import ConflictError, Store
from vetline.vetting.case import Case
from vetline.vetting.commands import Settle
from vetline.vetting.decide import Decision, decide

# Longer than a batch takes; what a worker leaves that was killed takes effect so much later.
LEASE: Final = timedelta(seconds=10)


class Settling:
    """Carries out decisions that are due.

    Each is claimed, so that workers do not get in each other's way. Where two of them carry out the same one all the
    same, its version lets one of them.

    Parameters:
        store: where they are.
        clock: the time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def settle(self, limit: int) -> tuple[int, list[Decision]]:
        """Carry out what is due.

        Returns:
            How many were due, at most `limit`, and what came of those that nobody else carried out or undid.

        Raises:
            UnavailableError: the store failed; what was not saved is due again when its lease ends.
        """
        now = self._clock.now()
        due = await self._store.claim_settling(now, now + LEASE, limit)
        decisions = await asyncio.gather(*map(self._carry_out, due))
        return len(due), [decision for decision in decisions if decision]

    async def _carry_out(self, case: Case) -> Decision | None:
        outcome = decide(case, Settle(), self._clock.now())
        if not isinstance(outcome, Decision):
            return None
        try:
            await self._store.save(Change((CaseMoved(outcome.case, outcome.event),)))
        except ConflictError:
            return None
        return outcome
