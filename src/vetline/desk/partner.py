"""What a partner may ask: how a customer stands, and to qualify it."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from vetline.clock import Clock
from vetline.desk.retrying import until_saved
from vetline.desk.screening import Screening
from vetline.store.changes import CaseMoved, Change, CodeRedeemed, Effect
from vetline.store.port import Store
from vetline.store.records import Code, Dossier, Remembered, Standing
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case
from vetline.vetting.commands import CodeFacts, Conclude, Rules, Submit
from vetline.vetting.decide import Decision, decide
from vetline.vetting.pacing import Latitude, Pacing
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Stage


class Submission(msgspec.Struct, frozen=True):
    """What a partner asks for.

    Parameters:
        partner: the caller's tenant.
        customer: whom it is for.
        programme: what is asked.
        claim: what is said of the customer.
        code: the validation code, empty for none.
        actor: who asks, for the audit log.
    """

    partner: str
    customer: str
    programme: Programme
    claim: Claim
    code: str
    actor: str


class Submitted(msgspec.Struct, frozen=True):
    """A submission that was accepted.

    Parameters:
        first: what the submission itself did.
        last: where the case stands now; the same decision when nothing more happened yet.
    """

    first: Decision
    last: Decision


Outcome = Submitted | Refusal
Seal = Callable[[Outcome], Remembered | None]
Also = Callable[[Outcome], tuple[Effect, ...]]


def _nothing_else(outcome: Outcome) -> tuple[Effect, ...]:
    return ()


class PartnerDesk:
    """What partners may ask.

    Parameters:
        store: durable state.
        clock: the time.
        screening: judges at once where that is asked for.
        pacing: when submissions are screened.
        rules: the operator's choices about submissions.
        ring: wakes the worker after a submission that is due at once.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        screening: Screening,
        pacing: Pacing,
        rules: Rules,
        ring: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._screening = screening
        self._pacing = pacing
        self._rules = rules
        self._ring = ring

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """Return how a customer stands in each programme that was ever asked for.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        return await self._store.standing(partner, customer)

    async def codes(self, partner: str) -> Sequence[Code]:
        """Return the partner's validation codes."""
        return await self._store.codes(partner)

    async def redeemed_codes(self, partner: str, customer: str) -> Sequence[Code]:
        """Return the codes by which a customer was qualified.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        await self._store.standing(partner, customer)
        return await self._store.redeemed_codes(partner, customer)

    async def submit(
        self, submission: Submission, seal: Seal, *, decide_at_once: bool = False, also: Also = _nothing_else
    ) -> Outcome:
        """Ask for a qualification; what is returned is on disk, its answer included.

        Parameters:
            submission: what is asked.
            seal: makes the answer to remember of the outcome.
            decide_at_once: let the triage judge in the same step, as the synchronous generation does.
            also: what else of the outcome is kept, together with it or not at all.

        Raises:
            AlreadyAnsweredError, UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        outcome = await until_saved(lambda: self._attempt(submission, seal, also, decide_at_once))
        if isinstance(outcome, Submitted) and outcome.last.case.due_at is not None:
            self._ring()
        return outcome

    async def has_answered(self, partner: str, key: bytes) -> bool:
        """Return whether a request was answered before, and the answer kept."""
        return await self._store.answer(partner, key) is not None

    async def _attempt(self, submission: Submission, seal: Seal, also: Also, decide_at_once: bool) -> Outcome:
        dossier = await self._store.dossier(submission.partner, submission.customer, submission.code)
        pacing, rules = await self._terms_of(submission)
        now = self._clock.now()  # after the load: what it shows lies before this step
        case = _case_in(dossier, submission)
        decided = decide(case, self._command(dossier, submission, now, pacing, rules), now)
        outcome = decided if isinstance(decided, Refusal) else await self._onward(decided, decide_at_once, pacing)
        await self._save(outcome, also(outcome), seal(outcome))
        return outcome

    async def _terms_of(self, submission: Submission) -> tuple[Pacing, Rules]:
        """Return the vetting mode and the rules for a submission: here they are the same for all."""
        return self._pacing, self._rules

    def _command(self, dossier: Dossier, submission: Submission, now: datetime, pacing: Pacing, rules: Rules) -> Submit:
        others = {case.programme for case in dossier.cases if case.in_review or case.held} - {submission.programme}
        return Submit(
            claim=submission.claim,
            actor=submission.actor,
            others=frozenset(others),
            code=CodeFacts(submission.code, dossier.code.remaining if dossier.code else None),
            screen_at=pacing.screen_at(now),
            rules=rules,
        )

    async def _onward(self, first: Decision, decide_at_once: bool, pacing: Pacing) -> Submitted:
        """Judge in the same step where the caller or the vetting mode does not want to wait."""
        wanted = decide_at_once or pacing.latitude is Latitude.ALWAYS
        if not (wanted and pacing.at_once and first.case.stage is Stage.SCREENING):
            return Submitted(first, first)
        customer = await self._store.customer(first.case.partner, first.case.customer)
        verdict = await self._screening.verdict(customer, first.case)
        last = decide(first.case, Conclude(verdict), self._clock.now())
        return Submitted(first, last if isinstance(last, Decision) else first)

    async def _save(self, outcome: Outcome, more: tuple[Effect, ...], answer: Remembered | None) -> None:
        effects = more if isinstance(outcome, Refusal) else (*_effects_of(outcome), *more)
        if effects or answer:
            await self._store.save(Change(effects, answer))


def _case_in(dossier: Dossier, submission: Submission) -> Case:
    fresh = Case(submission.partner, submission.customer, submission.programme)
    return next((case for case in dossier.cases if case.programme is submission.programme), fresh)


def _effects_of(outcome: Submitted) -> tuple[Effect, ...]:
    first, last = outcome.first, outcome.last
    steps = [first] if last is first else [first, last]
    moved: list[Effect] = [CaseMoved(step.case, step.event) for step in steps]
    if first.redeemed:
        case = first.case
        moved.append(CodeRedeemed(case.partner, case.customer, first.redeemed, first.event.at))
    return tuple(moved)
