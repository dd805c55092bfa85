"""The two places of the service that a sandbox steers: the screening, and the desk on which submissions arrive."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from vetline.desk.partner import PartnerDesk, Submission
from vetline.desk.screening import Screening
from vetline.sandbox.steering.reads import Reads
from vetline.sandbox.steering.steering import Steering
from vetline.store.records import Customer, Standing
from vetline.vetting.case import Case
from vetline.vetting.commands import Rules
from vetline.vetting.evidence import Verdict
from vetline.vetting.pacing import Pacing
from vetline.vetting.words import Stage


class SteeredScreening(Screening):
    """A screening that asks the steering what to make of a verdict."""

    def __init__(self, steering: Steering, *found: Any) -> None:
        super().__init__(*found)
        self._steering = steering

    def _tempered(self, customer: Customer, case: Case, verdict: Verdict) -> Verdict:
        return self._steering.verdict(customer, case.programme, verdict)


class SteeredDesk(PartnerDesk):
    """A partner's desk with a vetting mode for each customer.

    The mode `after-polls:N` is here: N reads show a case in review, and the next one shows it decided.
    """

    def __init__(self, steering: Steering, reads: Reads, *found: Any) -> None:
        super().__init__(*found)
        self._steering = steering
        self._reads = reads

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """Return how a customer stands, settling its cases first when it was read often enough."""
        found = await super().standing(partner, customer)
        if not any(standing.stage is Stage.SCREENING for standing in found):
            return found
        polls = self._steering.pacing(await self._store.customer(partner, customer)).polls
        if not polls or not self._reads.are_enough(partner, customer, polls):
            return found
        await self._settle(partner, customer)
        return await super().standing(partner, customer)

    async def _terms_of(self, submission: Submission) -> tuple[Pacing, Rules]:
        """A valid code decides a GCC request at once, and then no mode and no decision laid down would count."""
        customer = await self._store.customer(submission.partner, submission.customer)
        pacing = self._steering.pacing(customer)
        reviewed = self._rules.government_reviewed or self._steering.concerns(customer, submission.programme)
        return pacing, replace(self._rules, government_reviewed=reviewed)

    async def _settle(self, partner: str, customer: str) -> None:
        dossier = await self._store.dossier(partner, customer)
        await self._screening.settle([case for case in dossier.cases if case.stage is Stage.SCREENING])
