"""What a reviewer may do: see what waits, see why, and decide."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from vetline.clock import Clock
from vetline.desk.retrying import until_saved
from vetline.store.changes import CaseMoved, Change, CodeIssued
from vetline.store.port import Store
from vetline.store.records import Code, Customer
from vetline.vetting.case import Case, Event
from vetline.vetting.commands import Approve, Deny
from vetline.vetting.decide import Decision, decide
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme


class CaseKey(msgspec.Struct, frozen=True):
    """Which case."""

    partner: str
    customer: str
    programme: Programme


class CaseFile(msgspec.Struct, frozen=True):
    """Everything a reviewer sees of one case."""

    case: Case
    customer: Customer
    history: tuple[Event, ...]


class NoSuchCaseError(Exception):
    """There is no such case."""


class StaleCaseError(Exception):
    """The case is at another version than the one the reviewer has read."""


class ReviewDesk:
    """What reviewers may do, over all partners.

    Parameters:
        store: durable state.
        clock: the time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

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

    async def decide(self, key: CaseKey, command: Approve | Deny, version: int | None = None) -> Decision | Refusal:
        """Decide a case as a person.

        Parameters:
            version: which version the reviewer has read; `None` when it does not matter.

        Raises:
            NoSuchCaseError, StaleCaseError, UnavailableError.
        """
        return await until_saved(lambda: self._attempt(key, command, version))

    async def issue_code(self, code: Code) -> None:
        """Give a partner a validation code, or change its particulars."""
        await self._store.save(Change((CodeIssued(code),)))

    async def _attempt(self, key: CaseKey, command: Approve | Deny, version: int | None) -> Decision | Refusal:
        case = await self._case(key)
        if version is not None and version != case.version:
            raise StaleCaseError
        outcome = decide(case, command, self._clock.now())
        if isinstance(outcome, Decision):
            await self._store.save(Change((CaseMoved(outcome.case, outcome.event),)))
        return outcome

    async def _case(self, key: CaseKey) -> Case:
        case = await self._store.case(key.partner, key.customer, key.programme)
        if case is None:
            raise NoSuchCaseError
        return case
