"""What people decided takes effect when it can't be undone any more."""

import asyncio

from vetline.clock import Clock
from vetline.store.changes import CaseMoved, Change
from vetline.store.port import ConflictError, Store
from vetline.vetting.case import Case
from vetline.vetting.commands import Settle
from vetline.vetting.decide import Decision, decide


class Settling:
    """Carries out decisions that are due.

    Nobody claims them: however many carry out the same one, its version lets one of them.

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
            UnavailableError: the store failed; what was not saved is still due.
        """
        due = await self._store.settling(self._clock.now(), limit)
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
