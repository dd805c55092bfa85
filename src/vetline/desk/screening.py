"""Screening a case: the reference data is looked up, the triage judges, the decision is saved."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from msgspec.structs import replace

from vetline.clock import Clock
from vetline.store.changes import CaseMoved, Change
from vetline.store.port import ConflictError, Store, StoreError, UnavailableError
from vetline.store.records import Customer
from vetline.vetting.applicant import Applicant, Claim, PostalAddress
from vetline.vetting.case import Case
from vetline.vetting.commands import Conclude
from vetline.vetting.decide import Decision, decide
from vetline.vetting.evidence import Verdict
from vetline.vetting.facts import Facts
from vetline.vetting.government import government_verdict
from vetline.vetting.pacing import Pacing
from vetline.vetting.triage import Policy, triage
from vetline.vetting.words import Programme


class Reference(Protocol):
    """Whatever knows the facts behind the rules."""

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """Return what the data says about an applicant."""
        ...


class Screening:
    """Judges cases by data.

    Parameters:
        store: where cases and customers are.
        reference: the data.
        clock: the time.
        pacing: how much may be decided without a person.
        policy: the operator's choices about the triage.
    """

    def __init__(
        self, store: Store, reference: Reference, clock: Clock, pacing: Pacing, policy: Policy | None = None
    ) -> None:
        self._store = store
        self._reference = reference
        self._clock = clock
        self._pacing = pacing
        self._policy = policy or Policy()

    async def verdict(self, customer: Customer, case: Case) -> Verdict:
        """Return what the data says about a customer's case, in a thread: it may load and compare for a while."""
        return (await self._verdicts([(customer, case)]))[0]

    async def settle(self, cases: Sequence[Case]) -> list[Decision]:
        """Judge cases and save what follows.

        Returns:
            The decisions that were saved. A case that changed or vanished meanwhile is left to whoever changed it.

        Raises:
            UnavailableError: the store failed; what was not saved is due again when its lease ends.
        """
        known = [pair for pair in await asyncio.gather(*map(self._with_customer, cases)) if pair]
        verdicts = await self._verdicts(known)
        saved = await asyncio.gather(
            *(self._conclude(case, verdict) for (_, case), verdict in zip(known, verdicts, strict=True))
        )
        return [decision for decision in saved if decision]

    async def _with_customer(self, case: Case) -> tuple[Customer, Case] | None:
        try:
            return await self._store.customer(case.partner, case.customer), case
        except UnavailableError:
            raise
        except StoreError:  # the customer was removed after the case was claimed
            return None

    async def _verdicts(self, pairs: Sequence[tuple[Customer, Case]]) -> list[Verdict]:
        today = self._clock.now().date()
        return await asyncio.to_thread(lambda: [self._judge(customer, case, today) for customer, case in pairs])

    async def facts(self, customer: Customer, case: Case) -> Facts:
        """Return what the data says today about a customer's case, in a thread like the verdict."""
        today = self._clock.now().date()
        return await asyncio.to_thread(self._look_up, customer, case, today)

    def _judge(self, customer: Customer, case: Case, today: date) -> Verdict:
        facts = self._look_up(customer, case, today)
        verdict = triage(facts, self._policy) if case.programme is Programme.EDUCATION else government_verdict()
        domain = facts.site.registrable if facts.site else ""
        return replace(self._tempered(customer, case, verdict), country=facts.country, domain=domain)

    def _tempered(self, customer: Customer, case: Case, verdict: Verdict) -> Verdict:
        """Return what the vetting mode makes of a verdict; who steers it may want to know of whom."""
        return self._pacing.temper(verdict)

    def _look_up(self, customer: Customer, case: Case, today: date) -> Facts:
        """A website is said of a school, so GCC is looked up by the customer's own domain."""
        claim = case.claim if case.programme is Programme.EDUCATION else Claim()
        return self._reference.look_up(applicant_of(customer), claim, today)

    async def _conclude(self, case: Case, verdict: Verdict) -> Decision | None:
        outcome = decide(case, Conclude(verdict), self._clock.now())
        if not isinstance(outcome, Decision):
            return None
        try:
            await self._store.save(Change((CaseMoved(outcome.case, outcome.event),)))
        except ConflictError:
            return None
        return outcome


def applicant_of(customer: Customer) -> Applicant:
    """Return a customer as the triage sees it."""
    address = customer.address
    return Applicant(
        company_name=customer.company_name,
        domains=(customer.domain,),
        address=PostalAddress(
            country=address.country,
            region=address.state or address.region,
            city=address.city,
            lines=tuple(line for line in (address.line1, address.line2) if line),
            postal_code=address.postal_code,
        ),
        email=customer.email,
    )
