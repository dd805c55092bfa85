"""Vetting that ends after so many reads: the mode `after-polls:N`, for deterministic tests of polling clients."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from vetline.desk.partner import PartnerDesk
from vetline.store.records import Standing
from vetline.vetting.words import Stage


class PollingDesk(PartnerDesk):
    """A partner's desk on which N reads show a case in review, and the next one shows it decided."""

    @cached_property
    def _reads(self) -> Counter[tuple[str, str]]:
        """How often each customer was read while in review."""
        return Counter()

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """Return how a customer stands, settling its cases first when it was read often enough."""
        found = await super().standing(partner, customer)
        if not any(standing.stage is Stage.SCREENING for standing in found):
            return found
        self._reads[partner, customer] += 1
        if self._reads[partner, customer] <= self._pacing.polls:
            return found
        del self._reads[partner, customer]
        await self._settle(partner, customer)
        return await super().standing(partner, customer)

    def forget_reads(self) -> None:
        """Start counting anew."""
        self._reads.clear()

    async def _settle(self, partner: str, customer: str) -> None:
        dossier = await self._store.dossier(partner, customer)
        await self._screening.settle([case for case in dossier.cases if case.stage is Stage.SCREENING])
