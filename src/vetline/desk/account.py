"""One customer as its partner sees it: what it holds, what may be asked for, and what would come of asking."""

from collections.abc import Iterable, Sequence

import msgspec

from vetline.clock import Clock
from vetline.desk.screening import Screening
from vetline.store.port import Store
from vetline.store.records import Code, Customer
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event
from vetline.vetting.commands import CodeFacts, Rules, Submit
from vetline.vetting.decide import decide
from vetline.vetting.evidence import Verdict
from vetline.vetting.limits import MAX_ATTEMPTS
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Segment, Stage


class Prospect(msgspec.Struct, frozen=True):
    """How a customer stands in one programme, and whether it may ask.

    Parameters:
        case: NEW when it never asked.
        refusal: why it may not ask now; `None` when it may.
        requests_left: how many verification requests are left.
    """

    case: Case
    refusal: Refusal | None
    requests_left: int


class Account(msgspec.Struct, frozen=True):
    """A customer, and how it stands in each programme, in the order of the programmes."""

    customer: Customer
    prospects: tuple[Prospect, ...]

    @property
    def waiting(self) -> bool:
        """Whether something is in review."""
        return any(one.case.in_review for one in self.prospects)

    @property
    def screening(self) -> bool:
        """Whether the data is being asked, which takes moments; a person takes days."""
        return any(one.case.stage is Stage.SCREENING for one in self.prospects)

    def prospect(self, programme: Programme) -> Prospect:
        """Return how it stands in one programme."""
        return next(one for one in self.prospects if one.case.programme is programme)


class Foreseen(msgspec.Struct, frozen=True):
    """What would come of a request.

    Parameters:
        refusal: why it would not be accepted.
        verdict: what the data says; `None` where no data decides.
    """

    refusal: Refusal | None = None
    verdict: Verdict | None = None


class AccountDesk:
    """What a partner sees of its customers before it asks for something.

    Parameters:
        store: durable state.
        clock: the time.
        screening: judges by data.
        rules: the operator's choices about submissions.
    """

    def __init__(self, store: Store, clock: Clock, screening: Screening, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._screening = screening
        self._rules = rules

    async def open(self, partner: str, customer: str) -> Account:
        """Return a customer with everything that may be asked for it.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        dossier = await self._store.dossier(partner, customer)
        found = await self._store.customer(partner, customer)
        return Account(found, tuple(self._prospects(partner, customer, dossier.cases)))

    async def codes(self, partner: str) -> Sequence[Code]:
        """Return the partner's validation codes."""
        return await self._store.codes(partner)

    async def history(self, partner: str, customer: str, programme: Programme) -> Sequence[Event]:
        """Return what happened to a customer's case, the oldest first; nothing when it never asked."""
        case = await self._store.case(partner, customer, programme)
        return await self._store.history(case) if case else ()

    async def foresee(self, partner: str, customer: str, programme: Programme, claim: Claim, code: str) -> Foreseen:
        """Return what would come of a request; nothing is changed, and no request is used up.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        dossier = await self._store.dossier(partner, customer, code)
        facts = CodeFacts(code, dossier.code.remaining if dossier.code else None)
        decided = self._decided(partner, customer, dossier.cases, programme, claim, facts)
        if isinstance(decided, Refusal):
            return Foreseen(refusal=decided)
        if programme is not Programme.EDUCATION:
            return Foreseen()
        return Foreseen(verdict=await self._screening.verdict(await self._store.customer(partner, customer), decided))

    def _prospects(self, partner: str, customer: str, cases: Sequence[Case]) -> Iterable[Prospect]:
        # What the form will ask for is taken as given: only how the customer stands is asked here.
        claim, code = Claim(Segment.HIGHER), CodeFacts("given", 1)
        for programme in Programme:
            decided = self._decided(partner, customer, cases, programme, claim, code)
            case = _case_of(partner, customer, cases, programme)
            refusal = decided if isinstance(decided, Refusal) else None
            yield Prospect(case, refusal, MAX_ATTEMPTS - case.attempt)

    def _decided(
        self,
        partner: str,
        customer: str,
        cases: Sequence[Case],
        programme: Programme,
        claim: Claim,
        code: CodeFacts,
    ) -> Case | Refusal:
        case = _case_of(partner, customer, cases, programme)
        others = frozenset(one.programme for one in cases if one.in_review or one.held) - {programme}
        command = Submit(claim, actor="", others=others, code=code, rules=self._rules)
        decided = decide(case, command, self._clock.now())
        return decided if isinstance(decided, Refusal) else decided.case


def _case_of(partner: str, customer: str, cases: Sequence[Case], programme: Programme) -> Case:
    fresh = Case(partner, customer, programme)
    return next((case for case in cases if case.programme is programme), fresh)
