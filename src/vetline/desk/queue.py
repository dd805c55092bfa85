"""The reviewers' queue: what waits, who has taken what, and how much of it there is."""

import asyncio
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from vetline.clock import Clock
from vetline.desk.beside import begin
from vetline.desk.retrying import until_saved
from vetline.store.changes import CaseAssigned, Change
from vetline.store.port import Store
from vetline.store.queue import (
    Assignment,
    CaseKey,
    Place,
    QueueCounts,
    QueueFilter,
    QueuePage,
    WaitingCase,
    place_of,
)
from vetline.store.records import Customer
from vetline.vetting.case import Case
from vetline.vetting.service_level import due_date, overdue_before
from vetline.vetting.words import Stage

# Counting everything that waits takes longer than a page of it, and nobody needs it to the second: after some of them
# it is counted anew beside the requests. Only where what was counted last is older than anybody should see is it waited
# for, and not for long: the cases themselves are there, and are what people came for.
COUNTS_KEPT = timedelta(seconds=10)
COUNTS_SHOWN = timedelta(minutes=1)
PATIENCE_SECONDS = 0.5

_Counted = tuple[QueueCounts, datetime]


class Reviewer(msgspec.Struct, frozen=True):
    """Who is at the desk.

    Parameters:
        actor: as the audit log names them.
        name: as people know them.
    """

    actor: str
    name: str


class QueueRow(msgspec.Struct, frozen=True):
    """One case of the queue.

    Parameters:
        case, customer: what waits.
        assignment: who has taken it.
        due: by when a person should have decided.
        overdue: whether that moment has passed.
    """

    case: Case
    customer: Customer
    assignment: Assignment | None
    due: datetime
    overdue: bool


class QueueRows(msgspec.Struct, frozen=True):
    """A page of the queue.

    Parameters:
        rows: the cases, the longest waiting first.
        before: the page before ends before this place; `None`: there is none.
        after: the next page begins after this place; `None`: there is none.
    """

    rows: tuple[QueueRow, ...] = ()
    before: Place | None = None
    after: Place | None = None


class Overview(msgspec.Struct, frozen=True):
    """How much waits.

    Parameters:
        mine: how many cases a reviewer has taken, now.
        counts: of all that waits; `None` while it is being counted.
        at: when it was counted.
    """

    mine: int
    counts: QueueCounts | None = None
    at: datetime | None = None


class QueueDesk:
    """The queue of all partners' cases that wait for a person.

    Parameters:
        store: durable state.
        clock: the time.
        days: by how many business days a person should have decided.
    """

    def __init__(self, store: Store, clock: Clock, days: int) -> None:
        self._store = store
        self._clock = clock
        self._days = days
        self._counted: _Counted | None = None
        self._counting: asyncio.Task[None] | None = None

    async def page(self, wanted: QueueFilter, page: QueuePage, *, overdue: bool = False) -> QueueRows:
        """Return a page of the queue.

        Parameters:
            wanted: which cases.
            page: which part of them.
            overdue: only those whose due date has passed.

        Raises:
            UnavailableError.
        """
        found = await self._store.waiting_cases(self._narrowed(wanted, overdue), replace(page, size=page.size + 1))
        shown = found[-page.size :] if page.before else found[: page.size]
        if not shown:
            return QueueRows()
        more = len(found) > page.size
        rows = await asyncio.gather(*map(self._row, shown))
        has_before, has_after = (more, True) if page.before else (page.after is not None, more)
        return QueueRows(
            tuple(rows),
            place_of(shown[0].case) if has_before else None,
            place_of(shown[-1].case) if has_after else None,
        )

    def due(self, case: Case) -> datetime:
        """Return by when a person should have decided a case that was submitted."""
        return due_date(place_of(case).submitted_at, self._days)

    async def overview(self, actor: str) -> Overview:
        """Return how much waits; what is counted of all is some seconds old, and never more than a minute.

        Parameters:
            actor: whose own cases are counted too.

        Raises:
            UnavailableError.
        """
        counted = await self._counts() or (None, None)
        return Overview(await self._store.assigned(actor), *counted)

    async def take(self, key: CaseKey, who: Reviewer, instead_of: str = "") -> Assignment | None:
        """Take a case that nobody has, or the one of whom the reviewer names.

        Parameters:
            instead_of: whose case it is taken over, as the audit log names them.

        Returns:
            Who has it then: the reviewer, or somebody who was first; `None` when it does not wait any more.

        Raises:
            UnavailableError.
        """
        return await until_saved(lambda: self._attempt_take(key, who, instead_of))

    async def give_back(self, key: CaseKey, actor: str) -> Assignment | None:
        """Let others take a case.

        Returns:
            Who has it then: `None`, or somebody else, who keeps it.

        Raises:
            UnavailableError.
        """
        return await until_saved(lambda: self._attempt_give_back(key, actor))

    async def take_next(self, wanted: QueueFilter, who: Reviewer, *, overdue: bool = False) -> WaitingCase | None:
        """Take the longest waiting case that fits and that nobody has.

        What waits for a second person is only given where that is asked for, and never to whom proposed it.

        Raises:
            UnavailableError.
        """
        free = replace(self._narrowed(wanted, overdue), assignee="", unassigned=True, proposed=bool(wanted.proposed))
        mine = replace(free, proposed_by_others=who.actor) if wanted.proposed else free
        return await self._store.take_next(mine, Assignment(who.actor, who.name, self._clock.now()))

    async def _counts(self) -> _Counted | None:
        shown = self._shown()
        if shown is None:
            await asyncio.wait({self._count_on()}, timeout=PATIENCE_SECONDS)
            return self._shown()
        if self._clock.now() - shown[1] >= COUNTS_KEPT:
            self._count_on()
        return shown

    def _shown(self) -> _Counted | None:
        """Return what was counted last, unless that is too long ago."""
        found = self._counted
        return found if found and timedelta(0) <= self._clock.now() - found[1] < COUNTS_SHOWN else None

    def _count_on(self) -> asyncio.Task[None]:
        """Return the counting that goes on, which all who come meanwhile share."""
        if self._counting is None or self._counting.done():
            self._counting = begin(self._count(), "counts")
        return self._counting

    async def _count(self) -> None:
        now = self._clock.now()
        self._counted = await self._store.waiting_counts(overdue_before(now, self._days)), now

    def _narrowed(self, wanted: QueueFilter, overdue: bool) -> QueueFilter:
        return replace(wanted, submitted_before=overdue_before(self._clock.now(), self._days)) if overdue else wanted

    async def _row(self, one: WaitingCase) -> QueueRow:
        customer = await self._store.customer(one.case.partner, one.case.customer)
        due = self.due(one.case)
        return QueueRow(one.case, customer, one.assignment, due, due < self._clock.now())

    async def _attempt_take(self, key: CaseKey, who: Reviewer, instead_of: str) -> Assignment | None:
        case = await self._store.case(key.partner, key.customer, key.programme)
        if case is None or case.stage is not Stage.REVIEWING:
            return None
        found = await self._store.assignment(key)
        if found and found.actor != instead_of:
            return found
        taken = Assignment(who.actor, who.name, self._clock.now())
        await self._store.save(Change((CaseAssigned(key, found.actor if found else "", taken),)))
        return taken

    async def _attempt_give_back(self, key: CaseKey, actor: str) -> Assignment | None:
        found = await self._store.assignment(key)
        if found is None or found.actor != actor:
            return found
        await self._store.save(Change((CaseAssigned(key, actor, None),)))
        return None
