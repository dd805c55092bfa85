"""What a reviewer may do with a case: see why it waits, decide it, and take a decision back."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

import msgspec
from msgspec.structs import replace

from vetline.clock import Clock
from vetline.desk.retrying import until_saved
from vetline.desk.screening import Screening
from vetline.store.changes import CaseMoved, Change, CodeIssued
from vetline.store.port import Store
from vetline.store.queue import Assignment, CaseKey, QueueFilter, QueuePage, WaitingCase
from vetline.store.records import Code, Customer
from vetline.vetting.case import Case, Event
from vetline.vetting.commands import Approve, Deny, Rules, Withdraw
from vetline.vetting.decide import Decision, decide
from vetline.vetting.facts import Facts
from vetline.vetting.refusals import Refusal

# How long a decision on the pages can be undone, and how many of them are looked through for a reviewer's own.
UNDO = timedelta(seconds=10)
_MAX_SETTLING = 500
_MAX_NEIGHBOURS = 50


class CaseFile(msgspec.Struct, frozen=True):
    """A case with its customer and its history."""

    case: Case
    customer: Customer
    history: tuple[Event, ...]


class CaseStudy(msgspec.Struct, frozen=True):
    """Everything that helps to decide a case.

    Parameters:
        file: the case itself.
        assignment: who has taken it.
        others: the customer's cases in other programmes.
        neighbours: other customers' cases that wait at the same domain, the longest waiting first.
        facts: what the reference data says today.
    """

    file: CaseFile
    assignment: Assignment | None
    others: tuple[Case, ...]
    neighbours: tuple[WaitingCase, ...]
    facts: Facts


class Missed(Enum):
    """Why a case of a batch was left alone."""

    CHANGED = "it changed since it was read"
    GONE = "it is not there any more"


class NoSuchCaseError(Exception):
    """There is no such case."""


class StaleCaseError(Exception):
    """The case is at another version than the one the reviewer has read."""


class ReviewDesk:
    """What reviewers may do, over all partners.

    Parameters:
        store: durable state.
        clock: the time.
        screening: knows the reference data.
        rules: the operator's choices about decisions.
    """

    def __init__(self, store: Store, clock: Clock, screening: Screening, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._screening = screening
        self._rules = rules

    async def queue(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[tuple[Case, Customer]]:
        """Return the cases that wait for a person with their customers, the longest waiting first."""
        cases = await self._store.queue(after, limit)
        return [(case, await self._store.customer(case.partner, case.customer)) for case in cases]

    async def open(self, key: CaseKey) -> CaseFile:
        """Return one case with its evidence and its history.

        Raises:
            NoSuchCaseError, UnavailableError.
        """
        case = await self._case(key)
        customer = await self._store.customer(key.partner, key.customer)
        return CaseFile(case, customer, tuple(await self._store.history(case)))

    async def study(self, key: CaseKey) -> CaseStudy:
        """Return one case with everything that helps to decide it.

        Raises:
            NoSuchCaseError, UnavailableError.
        """
        file = await self.open(key)
        dossier, assignment, neighbours, facts = await asyncio.gather(
            self._store.dossier(key.partner, key.customer),
            self._store.assignment(key),
            self._neighbours(file.case),
            self._screening.facts(file.customer, file.case),
        )
        others = tuple(case for case in dossier.cases if case.programme is not key.programme)
        return CaseStudy(file, assignment, others, neighbours, facts)

    async def decide(
        self, key: CaseKey, command: Approve | Deny, version: int | None = None, *, undo: bool = False
    ) -> Decision | Refusal:
        """Decide a case as a person, by the operator's rules.

        Parameters:
            version: which version the reviewer has read; `None` when it does not matter.
            undo: let the decision take effect only when the time to undo it is over.

        Raises:
            NoSuchCaseError, StaleCaseError, UnavailableError.
        """
        return await until_saved(lambda: self._attempt(key, self._governed(command, undo), version))

    async def decide_at_domain(
        self, domain: str, versions: Mapping[CaseKey, int], command: Approve | Deny, *, undo: bool = False
    ) -> dict[CaseKey, Decision | Refusal | Missed]:
        """Decide several cases that wait at one domain, each by itself.

        Parameters:
            versions: which cases, each with the version that the reviewer has read.

        Returns:
            What became of each. One that is at another version, or at another domain, is left alone.

        Raises:
            UnavailableError: the store failed; some may be decided.
        """
        each = (self._decide_one(domain, key, command, version, undo) for key, version in versions.items())
        return dict(zip(versions, await asyncio.gather(*each), strict=True))

    async def withdraw(self, key: CaseKey, command: Withdraw, version: int | None = None) -> Decision | Refusal:
        """Take back what is proposed on a case.

        Parameters:
            version: which version the reviewer has read; `None` when it does not matter.

        Raises:
            NoSuchCaseError, StaleCaseError, UnavailableError.
        """
        return await until_saved(lambda: self._attempt(key, command, version))

    async def undoable(self, actor: str) -> Sequence[tuple[Case, Customer]]:
        """Return the cases on which somebody's decision can still be undone, the next to take effect first."""
        settling = await self._store.settling(self._clock.now() + UNDO, _MAX_SETTLING)
        mine = [case for case in settling if case.proposal and actor in case.proposal.people]
        customers = await asyncio.gather(*(self._store.customer(case.partner, case.customer) for case in mine))
        return list(zip(mine, customers, strict=True))

    async def issue_code(self, code: Code) -> None:
        """Give a partner a validation code, or change its particulars."""
        await self._store.save(Change((CodeIssued(code),)))

    def _governed(self, command: Approve | Deny, undo: bool) -> Approve | Deny:
        return replace(command, rules=self._rules, settle_at=self._clock.now() + UNDO if undo else None)

    async def _decide_one(
        self, domain: str, key: CaseKey, command: Approve | Deny, version: int, undo: bool
    ) -> Decision | Refusal | Missed:
        try:
            finding = (await self._case(key)).finding
            if finding is None or finding.domain != domain:
                return Missed.CHANGED
            return await self.decide(key, command, version, undo=undo)
        except StaleCaseError:
            return Missed.CHANGED
        except NoSuchCaseError:
            return Missed.GONE

    async def _attempt(
        self, key: CaseKey, command: Approve | Deny | Withdraw, version: int | None
    ) -> Decision | Refusal:
        case = await self._case(key)
        if version is not None and version != case.version:
            raise StaleCaseError
        outcome = decide(case, command, self._clock.now())
        if isinstance(outcome, Decision):
            await self._store.save(Change((CaseMoved(outcome.case, outcome.event),)))
        return outcome

    async def _neighbours(self, case: Case) -> tuple[WaitingCase, ...]:
        if case.finding is None or not case.finding.domain:
            return ()
        wanted = QueueFilter(domain=case.finding.domain)
        found = await self._store.waiting_cases(wanted, QueuePage(_MAX_NEIGHBOURS))
        return tuple(one for one in found if (one.case.partner, one.case.customer) != (case.partner, case.customer))

    async def _case(self, key: CaseKey) -> Case:
        case = await self._store.case(key.partner, key.customer, key.programme)
        if case is None:
            raise NoSuchCaseError
        return case
