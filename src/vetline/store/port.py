"""What every store promises. The conformance suite holds each of them to these sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from vetline.store.audit import AuditQuery, Happened
from vetline.store.bells import Bells
from vetline.store.changes import Change
from vetline.store.happenings import Happenings
from vetline.store.queue import Assignment, CaseKey, QueueCounts, QueueFilter, QueuePage, WaitingCase
from vetline.store.records import Code, Customer, CustomerQuery, Dossier, Found, Remembered, Standing
from vetline.store.upload_port import Uploads
from vetline.store.webhook_port import Webhooks
from vetline.vetting.case import Case, Event
from vetline.vetting.words import Programme


class StoreError(Exception):
    """The root of what a store raises: Conflict, AlreadyAnswered, UnknownCustomer, ForeignCustomer, Unavailable."""


class ConflictError(StoreError):
    """The change was decided on something that is no longer so. Load again and decide again."""


class AlreadyAnsweredError(StoreError):
    """The same request was answered before; nothing was saved."""

    def __init__(self, answer: Remembered) -> None:
        self.answer = answer
        super().__init__("this request was answered before")


class UnknownCustomerError(StoreError):
    """No partner has this customer."""


class ForeignCustomerError(StoreError):
    """Another partner has this customer."""


class UnavailableError(StoreError):
    """The database cannot be used now: full, locked or gone. Nothing was saved, unless it says that this is not known.

    It can't be known when a database on another machine goes away during the commit. A retry of the same request then
    meets its remembered answer, or is the first to be saved.
    """


class SchemaError(StoreError):
    """The database does not fit this release; the sentence says what to do."""


class Store(Protocol):
    """Durable state. Reads see every change whose save has returned. Any method may raise `UnavailableError`."""

    @property
    def bells(self) -> Bells:
        """Return the bells that each save of this process rings once its change is durable and can be read."""
        ...

    @property
    def uploads(self) -> Uploads:
        """Return the uploads that it keeps."""
        ...

    @property
    def webhooks(self) -> Webhooks:
        """Return the webhooks that it keeps."""
        ...

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """Return how a customer stands, in the order of the programmes; empty when it never asked for anything.

        Raises:
            UnknownCustomerError, ForeignCustomerError.
        """
        ...

    async def dossier(self, partner: str, customer: str, code: str = "") -> Dossier:
        """Return what a submission is decided on, read at one moment.

        Parameters:
            code: the validation code to look up, empty for none.

        Raises:
            UnknownCustomerError, ForeignCustomerError.
        """
        ...

    async def answer(self, partner: str, key: bytes) -> Remembered | None:
        """Return the answer remembered for a request, `None` when there is none."""
        ...

    async def save(self, change: Change) -> None:
        """Make a change durable: it is on disk when this returns, and nothing of it is when this raises.

        Raises:
            ConflictError: a version, a unique key or a code's remaining creations are not what was decided on.
            AlreadyAnsweredError: the request's answer is remembered already; it carries that answer.
        """
        ...

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Case]:
        """Take cases that are due; nobody else gets them until the lease ends or they move.

        Partners take turns, and in a partner's turn its oldest come first: however many cases one partner has, each
        other one gets an equal share of every batch, or one case of it when there are more partners than places. It
        returns fewer than `limit` only when no more are due.
        """
        ...

    async def customer(self, partner: str, customer: str) -> Customer:
        """Return one customer.

        Raises:
            UnknownCustomerError, ForeignCustomerError.
        """
        ...

    async def customers(self, partner: str, query: CustomerQuery) -> Sequence[Customer]:
        """Return a page of a partner's customers, in the order of the query."""
        ...

    async def search(self, partner: str, text: str, limit: int) -> Found:
        """Return a partner's customers that a text finds; `searching` says which.

        Those whose name begins with the text come first, then the others, each ordered by name and id. Where more than
        `searching.CANDIDATES` match, the others are not all looked at: those shown match, and are in order.

        Parameters:
            text: anything that somebody may type or paste.
            limit: how many at most.
        """
        ...

    async def audit(self, partner: str, query: AuditQuery) -> Sequence[Happened]:
        """Return what happened at a partner, the newest first: steps of qualifications, and customers created.

        What was referred or proposed is not told, nor is anything of customers that are gone. A search for a name
        looks at all that happened since the query's moment, until the page is full.
        """
        ...

    async def codes(self, partner: str) -> Sequence[Code]:
        """Return a partner's validation codes, ordered by code."""
        ...

    async def redeemed_codes(self, partner: str, customer: str) -> Sequence[Code]:
        """Return the codes by which a customer was qualified."""
        ...

    async def queue(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[Case]:
        """Return the cases of all partners that wait for a person, the longest waiting first.

        Parameters:
            after: the submission time and customer of the last case of the page before.
        """
        ...

    async def waiting_cases(self, wanted: QueueFilter, page: QueuePage) -> Sequence[WaitingCase]:
        """Return a page of the cases that wait for a person and fit a filter, the longest waiting first.

        A case whose decision is about to take effect is not among them.
        """
        ...

    async def waiting_counts(self, overdue_before: datetime) -> QueueCounts:
        """Return how many cases `waiting_cases` has, in all and by what can be filtered by.

        Parameters:
            overdue_before: what was submitted before that moment is overdue.
        """
        ...

    async def take_next(self, wanted: QueueFilter, assignment: Assignment) -> WaitingCase | None:
        """Give the longest waiting case that fits and that nobody has to a reviewer, `None` when there is none.

        However many ask at the same moment, each case goes to one of them.
        """
        ...

    async def assignment(self, key: CaseKey) -> Assignment | None:
        """Return who has taken a case, `None` when nobody has."""
        ...

    async def assigned(self, actor: str) -> int:
        """Return how many cases that wait somebody has taken."""
        ...

    async def settling(self, by: datetime, limit: int) -> Sequence[Case]:
        """Return the cases whose decision takes effect by a moment unless it is undone, the first one first."""
        ...

    async def claim_settling(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Case]:
        """Take cases whose decision takes effect now, the first one first.

        Nobody else gets them until the lease ends or they move; what somebody else is just taking is passed over.
        """
        ...

    async def case(self, partner: str, customer: str, programme: Programme) -> Case | None:
        """Return one case, `None` when there is none."""
        ...

    async def history(self, case: Case) -> Sequence[Event]:
        """Return what happened to a case, the oldest first."""
        ...

    async def waiting(self) -> tuple[int, int]:
        """Return how many cases wait for the screening, and how many for a person."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the first thing is due that is done without a request; `None` when there is nothing.

        That are screenings, decisions that take effect, deliveries and uploads; what is claimed is due until it is
        settled.
        """
        ...

    async def happenings(self, since: datetime, until: datetime) -> Happenings:
        """Return what happened to the cases of all partners from a moment up to another, summed up.

        It takes as long as so many events take: some ten microseconds each.
        """
        ...

    async def waiting_before(self, moments: Sequence[datetime]) -> Sequence[Mapping[Programme, int]]:
        """Return how many cases that wait for a person were submitted before each moment, by programme.

        A case whose decision is about to take effect is not among them.
        """
        ...

    async def forget_answers(self, before: datetime, limit: int) -> int:
        """Forget remembered answers given before a moment, and return how many, at most `limit`."""
        ...

    async def end_session(self, partner: str, session: str, until: datetime) -> None:
        """Remember that a person's session at the pages is over; whoever ends it again ends it too.

        Parameters:
            partner: the tenant of the person.
            until: when it would have been over anyway.
        """
        ...

    async def session_ended(self, partner: str, session: str) -> bool:
        """Return whether a session was ended, and not forgotten since."""
        ...

    async def forget_sessions(self, before: datetime, limit: int) -> int:
        """Forget ended sessions that were over anyway before a moment, and return how many, at most `limit`."""
        ...

    async def ping(self) -> None:
        """Return when the database can be read and written."""
        ...

    async def erase(self) -> None:
        """Forget everything but which sessions were ended. Only the sandbox asks for this."""
        ...

    async def close(self) -> None:
        """Finish what is being saved, then let go of the database."""
        ...
