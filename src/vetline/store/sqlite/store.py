"""The port's promises, kept by one SQLite file.

Indexed point reads run inline: some microseconds on a connection of their own, never waiting for a write. What may be
long runs in a thread, sums over very many rows in another one, so that no page of a list waits for a sum. Every write
goes through the group writer. A throw-away database waits for no disk: it has a thread, and more than one connection,
only when something needs them.
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from vetline.store import happenings
from vetline.store.audit import AuditQuery, Happened
from vetline.store.bells import Bells
from vetline.store.changes import Change, UploadMoved
from vetline.store.happenings import Happenings
from vetline.store.port import ForeignCustomerError, UnknownCustomerError
from vetline.store.queue import Assignment, CaseKey, QueueCounts, QueueFilter, QueuePage, WaitingCase, counted
from vetline.store.records import Code, Customer, CustomerQuery, Dossier, Found, Remembered, Standing
from vetline.store.searching import beginning_of
from vetline.store.snapshots import Snapshot
from vetline.store.sqlite import audit, figures, listing, queue, rows, snapshots
from vetline.store.sqlite.apply import SQL, apply_change
from vetline.store.sqlite.checkpoint import Checkpointer
from vetline.store.sqlite.claims import Claims
from vetline.store.sqlite.point_reader import PointReader
from vetline.store.sqlite.schema import APPLICATION_ID, connect, migrate, migrations
from vetline.store.sqlite.slow_reader import SlowReader
from vetline.store.sqlite.uploads import SqliteUploads
from vetline.store.sqlite.webhooks import SqliteWebhooks
from vetline.store.sqlite.writer import PATIENCE_MS, GroupWriter
from vetline.vetting.case import Case, Event
from vetline.vetting.words import Programme

_READER_BUSY_MS = 100
_TABLES = (
    *("deliveries", "webhooks", "upload_rows", "uploads"),
    *("answers", "redemptions", "events", "cases", "codes", "customers"),
)
# Fewer than a bulk has: a request's, and what a fresh world of the sandbox holds.
_FEW_EFFECTS = 16
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class SqliteStore:
    """One SQLite file.

    Parameters:
        path: the file; it is made when it is not there, and its schema brought up to date.
        durable: `False` for a database that nobody will open again.

    Raises:
        SchemaError: the file is another program's or a newer release's.
        UnavailableError: it cannot be opened.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.bells = Bells()
        writer = connect(path, busy_ms=PATIENCE_MS, durable=durable)
        migrate(writer, scripts := migrations())
        self._known = len(scripts)
        self._points = PointReader(partial(connect, path, busy_ms=_READER_BUSY_MS, durable=durable))
        patient = partial(connect, path, busy_ms=PATIENCE_MS, durable=durable)
        self._lists = SlowReader(patient, "vetline-reader")
        self._sums = SlowReader(patient, "vetline-sums")
        self._checkpointer = Checkpointer(patient) if durable else None
        committed = partial(self._checkpointer.committed, writer) if self._checkpointer else None
        self._writer = GroupWriter(writer, committed)
        self._claims = Claims()
        self.uploads = SqliteUploads(self._lists.read, self._sums.read, self._writer)
        self.webhooks = SqliteWebhooks(self._lists, self._writer)
        if durable:
            self._points.open()

    # Reads that a request waits for

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """See `Store.standing`."""
        found = self._points.read("standing", (rows.partner_blob(partner), rows.blob(customer)))
        if not found:
            self._raise_absent(customer)
        return rows.standings(found)

    async def dossier(self, partner: str, customer: str, code: str = "") -> Dossier:
        """See `Store.dossier`. Nothing is awaited between the reads, so they share a snapshot."""
        key = (rows.partner_blob(partner), rows.blob(customer))
        found = self._points.read("cases", key)
        if not found:
            self._raise_absent(customer)
        cases = tuple(rows.case_of(row) for row in found if row[2] is not None)
        codes = self._points.read("code", (key[0], code)) if code else []
        return Dossier(cases, rows.code_of(codes[0]) if codes else None)

    async def customer(self, partner: str, customer: str) -> Customer:
        """See `Store.customer`."""
        found = self._points.read("customer", (rows.partner_blob(partner), rows.blob(customer)))
        if not found:
            self._raise_absent(customer)
        return rows.customer_of(found[0])

    async def answer(self, partner: str, key: bytes) -> Remembered | None:
        """See `Store.answer`."""
        found = self._points.read("answer", (rows.blob(partner), key))
        return rows.answer_of(found[0]) if found else None

    async def case(self, partner: str, customer: str, programme: Programme) -> Case | None:
        """See `Store.case`."""
        found = self._points.read("case", (rows.blob(partner), rows.blob(customer), programme.value))
        return rows.case_of(found[0]) if found else None

    async def assignment(self, key: CaseKey) -> Assignment | None:
        """See `Store.assignment`."""
        found = self._points.read("assignment", (rows.blob(key.partner), rows.blob(key.customer), key.programme.value))
        return rows.assignment_of(found[0]) if found else None

    async def codes(self, partner: str) -> Sequence[Code]:
        """See `Store.codes`."""
        return [rows.code_of(row) for row in self._points.read("codes", (rows.blob(partner),))]

    async def redeemed_codes(self, partner: str, customer: str) -> Sequence[Code]:
        """See `Store.redeemed_codes`."""
        found = self._points.read("redeemed_codes", (rows.blob(partner), rows.blob(customer)))
        return [rows.code_of(row) for row in found]

    async def session_ended(self, partner: str, session: str) -> bool:
        """See `Store.session_ended`."""
        return bool(self._points.read("ended_session", (rows.blob(partner), session)))

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        ((due,),) = self._points.read("next_due", ())
        return None if due is None else rows.moment(due)

    async def history(self, case: Case) -> Sequence[Event]:
        """See `Store.history`."""
        key = (rows.blob(case.partner), rows.blob(case.customer), case.programme.value)
        return [rows.event_of(row) for row in self._points.read("history", key)]

    # Reads that may be long

    async def customers(self, partner: str, query: CustomerQuery) -> Sequence[Customer]:
        """See `Store.customers`."""
        return listing.in_order(query, await self._lists.read(*listing.page(partner, query)))

    async def search(self, partner: str, text: str, limit: int) -> Found:
        """See `Store.search`."""
        beginning = beginning_of(text)
        found = [*await self.customers(partner, CustomerQuery(limit + 1, "name", beginning))]
        if len(found) <= limit and (asked := listing.search(partner, beginning, limit + 1 - len(found))):
            found += map(rows.customer_of, await self._lists.read(*asked))
        return Found(tuple(found[:limit]), len(found) > limit)

    async def audit(self, partner: str, query: AuditQuery) -> Sequence[Happened]:
        """See `Store.audit`."""
        reader = self._sums if query.name else self._lists
        return [audit.happened_of(row) for row in await reader.fetch(*audit.asked(partner, query))]

    async def queue(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[Case]:
        """See `Store.queue`."""
        at, customer = after or (_LONG_AGO, "")
        bounds = {"after_at": rows.micros(at), "after_id": rows.blob(customer), "limit": limit}
        return [rows.case_of(row) for row in await self._lists.read("queue_reviewing", bounds)]

    async def waiting_cases(self, wanted: QueueFilter, page: QueuePage) -> Sequence[WaitingCase]:
        """See `Store.waiting_cases`."""
        statement, bounds = queue.page_query(wanted, page)
        found = [queue.waiting_case_of(row) for row in await self._lists.fetch(statement, bounds)]
        return found[::-1] if page.before else found

    async def waiting_counts(self, overdue_before: datetime) -> QueueCounts:
        """See `Store.waiting_counts`."""
        found = await self._sums.read("waiting_counts", {"before": rows.micros(overdue_before)})
        return counted(found)

    async def assigned(self, actor: str) -> int:
        """See `Store.assigned`."""
        ((number,),) = await self._lists.read("assigned", {"actor": actor})
        return int(number)

    async def settling(self, by: datetime, limit: int) -> Sequence[Case]:
        """See `Store.settling`."""
        found = await self._lists.read("settling", {"by": rows.micros(by), "limit": limit})
        return [rows.case_of(row) for row in found]

    async def waiting(self) -> tuple[int, int]:
        """See `Store.waiting`."""
        ((screening, reviewing),) = await self._sums.read("waiting", {})
        return screening, reviewing

    async def happenings(self, since: datetime, until: datetime) -> Happenings:
        """See `Store.happenings`."""
        return happenings.counted(await self._sums.read(*figures.happenings(since, until)))

    async def waiting_before(self, moments: Sequence[datetime]) -> Sequence[Mapping[Programme, int]]:
        """See `Store.waiting_before`."""
        found = await self._sums.read(*figures.waiting_before(moments))
        return happenings.by_place(found, len(moments))

    # Writes

    async def save(self, change: Change) -> None:
        """See `Store.save`."""
        await self._writer.run(lambda connection: apply_change(connection, change), long=_is_long(change))
        self.bells.ring(change)

    async def take_next(self, wanted: QueueFilter, assignment: Assignment) -> WaitingCase | None:
        """See `Store.take_next`."""
        statement, bounds = queue.take_query(wanted, assignment)
        found = await self._writer.run(lambda connection: connection.execute(statement, bounds).fetchall())
        return queue.waiting_case_of(found[0]) if found else None

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Case]:
        """See `Store.claim_due`."""
        bounds = (rows.micros(now), rows.micros(lease_until), limit)
        found = await self._writer.run(lambda connection: self._claims.take(connection, *bounds))
        return sorted((rows.case_of(row) for row in found), key=lambda case: (case.due_at, case.customer))

    async def claim_settling(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Case]:
        """See `Store.claim_settling`."""
        bounds = (rows.micros(now), rows.micros(lease_until), limit)
        found = await self._writer.run(lambda connection: connection.execute(SQL["claim_settling"], bounds).fetchall())
        return sorted((rows.case_of(row) for row in found), key=lambda case: (case.due_at, case.customer))

    async def forget_answers(self, before: datetime, limit: int) -> int:
        """See `Store.forget_answers`."""
        return await self._forget("forget_answers", before, limit)

    async def end_session(self, partner: str, session: str, until: datetime) -> None:
        """See `Store.end_session`."""
        row = (rows.blob(partner), session, rows.micros(until))
        await self._writer.run(lambda connection: connection.execute(SQL["end_session"], row))

    async def forget_sessions(self, before: datetime, limit: int) -> int:
        """See `Store.forget_sessions`."""
        return await self._forget("forget_sessions", before, limit)

    async def ping(self) -> None:
        """See `Store.ping`. It writes the file's header as it is: on a full disk an empty transaction would succeed."""
        self._points.read("codes", (bytes(16),))
        self._points.check_version(self._known)
        await self._writer.run(lambda connection: connection.execute(f"PRAGMA application_id = {APPLICATION_ID}"))

    async def erase(self) -> None:
        """See `Store.erase`."""

        def empty(connection: sqlite3.Connection) -> None:
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are ours

        await self._writer.run(empty, long=True)

    async def snapshot(self) -> Snapshot:
        """See `Snapshotting.snapshot`."""
        found: Snapshot = await self._writer.run(snapshots.taken, long=True)
        return found

    async def restore(self, snapshot: Snapshot, other_ids: Mapping[str, str]) -> None:
        """See `Snapshotting.restore`."""
        await self._writer.run(lambda connection: snapshots.put(connection, snapshot, other_ids), long=True)
        self.bells.ring_all()

    async def close(self) -> None:
        """See `Store.close`."""
        await self._writer.close()
        self.bells.take_down()
        # Here and not in a thread: the end of a snapshot may be queued, and would use it while it is closed.
        self._points.close()
        if self._checkpointer:
            await asyncio.to_thread(self._checkpointer.close)
        await self._sums.close()
        await self._lists.close()

    async def _forget(self, statement: str, before: datetime, limit: int) -> int:
        bounds = (rows.micros(before), limit)
        work = self._writer.run(lambda connection: connection.execute(SQL[statement], bounds).rowcount, long=True)
        return int(await work)

    def _raise_absent(self, customer: str) -> None:
        if self._points.read("somebodys_customer", (rows.blob(customer),)):
            raise ForeignCustomerError(customer)
        raise UnknownCustomerError(customer)


def _is_long(change: Change) -> bool:
    """Whether a change may take milliseconds: it has many effects, or one that counts rows."""
    return len(change.effects) > _FEW_EFFECTS or any(isinstance(effect, UploadMoved) for effect in change.effects)
