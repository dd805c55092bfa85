"""The port's promises, kept by one PostgreSQL that any number of processes share.

Reads that arrive together are one query, saves that wait together one transaction. Every statement is bounded in time,
and a lost connection is replaced: a request gets its answer or `UnavailableError`, and never waits without end.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from vetline.store import documents, happenings
from vetline.store.audit import AuditQuery, Happened
from vetline.store.bells import Bells
from vetline.store.changes import Change
from vetline.store.happenings import Happenings
from vetline.store.postgres import audit, queue, rows
from vetline.store.postgres.claims import Claims
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import Link
from vetline.store.postgres.listing import Listing
from vetline.store.postgres.lookups import Lookups
from vetline.store.postgres.news import News
from vetline.store.postgres.schema import migrations, prepare
from vetline.store.postgres.uploads import PostgresUploads
from vetline.store.postgres.webhooks import PostgresWebhooks
from vetline.store.postgres.writer import TOGETHER, GroupWriter
from vetline.store.queue import Assignment, CaseKey, QueueCounts, QueueFilter, QueuePage, WaitingCase, counted
from vetline.store.records import Code, Customer, CustomerQuery, Dossier, Found, Remembered, Standing
from vetline.store.releases import Version
from vetline.vetting.case import Case, Event
from vetline.vetting.words import Programme

READERS = 4
# Claims and housekeeping beside the writer's own.
_WRITERS = TOGETHER + 1
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class PostgresStore:
    """One database; use `PostgresStore.open`.

    Parameters:
        readers, writers: connections to it.
        url: where another one listens.
    """

    def __init__(self, readers: Link, writers: Link, url: str) -> None:
        self.bells = Bells()
        self._readers, self._writers = readers, writers
        self._lookups, self._listing = Lookups(readers), Listing(readers)
        self._writer = GroupWriter(writers)
        self._claims = Claims(writers)
        self.uploads = PostgresUploads(readers, writers)
        self.webhooks = PostgresWebhooks(readers, writers)
        self._news = News(url, self.bells)
        self._known = len(migrations())

    @classmethod
    async def open(cls, url: str) -> "PostgresStore":
        """Open a database and bring its schema up to date.

        Parameters:
            url: ``postgresql://...``, as libpq understands it.

        Raises:
            ValueError: the URL cannot be read.
            SchemaError: the database is a newer release's or another program's.
            UnavailableError: it cannot be reached.
        """
        await prepare(url)
        readers, writers = Link(url, READERS), Link(url, _WRITERS)
        await readers.open()
        await writers.open()
        store = cls(readers, writers, url)
        await store._news.begun()
        return store

    # Reads that a request waits for

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """See `Store.standing`."""
        return await self._lookups.standing(partner, customer)

    async def dossier(self, partner: str, customer: str, code: str = "") -> Dossier:
        """See `Store.dossier`."""
        return await self._lookups.dossier(partner, customer, code)

    async def answer(self, partner: str, key: bytes) -> Remembered | None:
        """See `Store.answer`."""
        return await self._lookups.answer(partner, key)

    async def customer(self, partner: str, customer: str) -> Customer:
        """See `Store.customer`."""
        return await self._lookups.customer(partner, customer)

    # Other reads

    async def case(self, partner: str, customer: str, programme: Programme) -> Case | None:
        """See `Store.case`."""
        found = await self._readers.fetch(SQL["case"], partner, customer, programme.value)
        return rows.case_of(found[0]) if found else None

    async def codes(self, partner: str) -> Sequence[Code]:
        """See `Store.codes`."""
        return [rows.code_of(row) for row in await self._readers.fetch(SQL["codes"], partner)]

    async def redeemed_codes(self, partner: str, customer: str) -> Sequence[Code]:
        """See `Store.redeemed_codes`."""
        return [rows.code_of(row) for row in await self._readers.fetch(SQL["redeemed_codes"], partner, customer)]

    async def history(self, case: Case) -> Sequence[Event]:
        """See `Store.history`."""
        found = await self._readers.fetch(SQL["history"], case.partner, case.customer, case.programme.value)
        return [documents.event_of(row[0]) for row in found]

    async def session_ended(self, partner: str, session: str) -> bool:
        """See `Store.session_ended`."""
        return bool(await self._readers.fetch(SQL["ended_session"], partner, session))

    async def customers(self, partner: str, query: CustomerQuery) -> Sequence[Customer]:
        """See `Store.customers`."""
        return await self._listing.page(partner, query)

    async def search(self, partner: str, text: str, limit: int) -> Found:
        """See `Store.search`."""
        return await self._listing.search(partner, text, limit)

    async def audit(self, partner: str, query: AuditQuery) -> Sequence[Happened]:
        """See `Store.audit`."""
        statement, values = audit.asked(partner, query)
        return [audit.happened_of(row) for row in await self._readers.fetch(statement, *values)]

    async def queue(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[Case]:
        """See `Store.queue`."""
        found = await self._readers.fetch(SQL["queue_reviewing"], *rows.page_bounds(after, _LONG_AGO), limit)
        return [rows.case_of(row) for row in found]

    async def waiting_cases(self, wanted: QueueFilter, page: QueuePage) -> Sequence[WaitingCase]:
        """See `Store.waiting_cases`."""
        statement, values = queue.page_query(wanted, page)
        found = [queue.waiting_case_of(row) for row in await self._readers.fetch(statement, *values)]
        return found[::-1] if page.before else found

    async def waiting_counts(self, overdue_before: datetime) -> QueueCounts:
        """See `Store.waiting_counts`."""
        found = await self._readers.fetch(SQL["waiting_counts"], overdue_before)
        return counted(found)

    async def assignment(self, key: CaseKey) -> Assignment | None:
        """See `Store.assignment`."""
        found = await self._readers.fetch(SQL["assignment"], key.partner, key.customer, key.programme.value)
        return rows.assignment_of(found[0]) if found else None

    async def assigned(self, actor: str) -> int:
        """See `Store.assigned`."""
        ((number,),) = await self._readers.fetch(SQL["assigned"], actor)
        return int(number)

    async def settling(self, by: datetime, limit: int) -> Sequence[Case]:
        """See `Store.settling`."""
        return [rows.case_of(row) for row in await self._readers.fetch(SQL["settling"], by, limit)]

    async def waiting(self) -> tuple[int, int]:
        """See `Store.waiting`."""
        ((screening, reviewing),) = await self._readers.fetch(SQL["waiting"])
        return screening, reviewing

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        found: datetime | None = (await self._readers.fetch(SQL["next_due"]))[0][0]
        return found

    async def happenings(self, since: datetime, until: datetime) -> Happenings:
        """See `Store.happenings`."""
        bounds = [bound // happenings.MICROSECOND for bound in happenings.BOUNDS]
        steps = [step.value for step in happenings.COUNTED]
        return happenings.counted(await self._readers.fetch(SQL["happenings"], since, until, bounds, steps))

    async def waiting_before(self, moments: Sequence[datetime]) -> Sequence[Mapping[Programme, int]]:
        """See `Store.waiting_before`."""
        return happenings.by_place(await self._readers.fetch(SQL["waiting_before"], moments), len(moments))

    # Writes

    async def save(self, change: Change) -> None:
        """See `Store.save`."""
        await self._writer.save(change)
        self.bells.ring(change)
        self._news.tell(change)

    async def take_next(self, wanted: QueueFilter, assignment: Assignment) -> WaitingCase | None:
        """See `Store.take_next`. When an answer is lost it is asked again: the reviewer then has two cases."""
        statement, values = queue.take_query(wanted, assignment)
        found = await self._writers.fetch(statement, *values)
        return queue.waiting_case_of(found[0]) if found else None

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Case]:
        """See `Store.claim_due`."""
        found = await self._claims.take(now, lease_until, limit)
        return sorted((rows.case_of(row) for row in found), key=lambda case: (case.due_at, case.customer))

    async def claim_settling(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Case]:
        """See `Store.claim_settling`. A claim whose answer was lost ends with its lease, so it may be made again."""
        found = await self._writers.fetch(SQL["claim_settling"], now, lease_until, limit)
        return sorted((rows.case_of(row) for row in found), key=lambda case: (case.due_at, case.customer))

    async def forget_answers(self, before: datetime, limit: int) -> int:
        """See `Store.forget_answers`."""
        return await self._count("forget_answers", before, limit)

    async def end_session(self, partner: str, session: str, until: datetime) -> None:
        """See `Store.end_session`."""
        await self._count("end_session", partner, session, until)

    async def forget_sessions(self, before: datetime, limit: int) -> int:
        """See `Store.forget_sessions`."""
        return await self._count("forget_sessions", before, limit)

    async def ping(self) -> None:
        """See `Store.ping`."""
        await self._readers.fetch(SQL["codes"], "00000000-0000-0000-0000-000000000000")
        ((number, readable_by),) = await self._writers.fetch(SQL["ping"])
        Version(number, readable_by).check_running(self._known)

    async def erase(self) -> None:
        """See `Store.erase`."""
        await self._count("erase")

    async def close(self) -> None:
        """See `Store.close`."""
        await self._writer.close()
        await self._lookups.close()
        await self._news.close()
        await self._readers.close()
        await self._writers.close()

    async def _count(self, statement: str, *values: object) -> int:
        """Return how many rows a statement changed that may be repeated."""
        status: str = await self._writers.read(lambda connection: connection.execute(SQL[statement], *values))
        return int(status.rpartition(" ")[2])
