"""Carries out what people decided, once it can't be undone any more."""

from collections.abc import Callable

from vetline.desk.settling import Settling

BATCH = 64


class SettlingDuty:
    """Looks for decisions that are due.

    Parameters:
        settling: carries them out.
        decided: told the stage of each case that moved.
    """

    interval_seconds = 1.0

    def __init__(self, settling: Settling, decided: Callable[[str], None]) -> None:
        self._settling = settling
        self._decided = decided

    async def run_once(self) -> bool:
        """Carry out one batch; return whether more may be due."""
        due, decisions = await self._settling.settle(BATCH)
        for decision in decisions:
            self._decided(decision.case.stage.value)
        return due == BATCH
