"""One row from the question to its line in the journal, exactly once, also when an earlier process may have sent it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from vetline.bulk.asking import Asked, asked
from vetline.bulk.outcomes import Entry, Outcome, outcome_of
from vetline.bulk.rows import Row
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.persistence import Asker, is_transient
from vetline.sdk.errors import ConflictError, PartnerCenterError
from vetline.sdk.models.qualifications import CustomerQualification, CustomerQualificationRequest

if TYPE_CHECKING:
    from vetline import AsyncPartnerCenter

# Two machines' clocks agree as well as that.
_SKEW: Final = timedelta(minutes=1)
_MAX_TEXT: Final = 1024


class Submitter:
    """Submits rows.

    Parameters:
        client: the service.
        journal: what was done, and under which ids.
        asker: asks the service, patiently.
    """

    def __init__(self, client: "AsyncPartnerCenter", journal: Journal, asker: Asker) -> None:
        self._client = client
        self._journal = journal
        self._asker = asker

    async def submit(self, row: Row) -> Entry:
        """Submit a row, note what became of it, and return that.

        Raises:
            HaltedError: the run ends; nothing is noted, and a resumed run takes the row up again.
            JournalError: it cannot be noted.
        """
        attempt = self._journal.attempt(row.number)
        request_id = self._journal.request_id(row.number, attempt)
        entry = await self._entry(row, attempt, request_id)
        self._journal.record(entry)
        return entry

    async def _entry(self, row: Row, attempt: int, request_id: str) -> Entry:
        wanted = asked(row)
        try:
            if done := await self._done_before(row, wanted):
                return entry_of(row.number, done, request_id, attempt, found=True)
            return entry_of(row.number, await self._create(wanted, request_id), request_id, attempt)
        except ConflictError as error:
            if done := await self._done_after_all(row, wanted):
                return entry_of(row.number, done, request_id, attempt, found=True)
            return failure(row.number, error, request_id, attempt)
        except PartnerCenterError as error:
            return failure(row.number, error, request_id, attempt)

    async def _create(self, wanted: Asked, request_id: str) -> CustomerQualification:
        request = CustomerQualificationRequest(wanted.qualification, wanted.segment, wanted.website, wanted.code)
        resource = self._client.customers.by_id(wanted.customer).qualification
        return await self._asker.ask(lambda: resource.create_qualifications(request, request_id=request_id))

    async def _done_before(self, row: Row, wanted: Asked) -> CustomerQualification | None:
        """Return how a row stands that an earlier process has sent.

        Within a day the request id alone would do. After that the service may have forgotten it, and a customer that
        was denied in the meantime would be submitted a second time.
        """
        if not self._is_inherited(row):
            return None
        standing = await self._standing(wanted)
        return standing if standing and self._is_since(standing.vetting_create_date) else None

    async def _done_after_all(self, row: Row, wanted: Asked) -> CustomerQualification | None:
        """Return how a row stands whose request is refused as a conflict: with itself, if an earlier process sent it.

        An approved Education has no date on the wire; then it counts unless this very row was refused before.
        """
        if not self._is_inherited(row):
            return None
        standing = await self._standing(wanted)
        if standing is None or standing.vetting_create_date:
            return standing if standing and self._is_since(standing.vetting_create_date) else None
        return None if self._journal.was_refused(row.number) else standing

    def _is_inherited(self, row: Row) -> bool:
        return row.number <= self._journal.inherited

    def _is_since(self, moment: datetime | None) -> bool:
        """Whether a vetting began in this run, and so by it: a customer's qualification stands once in a file."""
        return moment is not None and moment >= self._journal.header.begun - _SKEW

    async def _standing(self, wanted: Asked) -> CustomerQualification | None:
        resource = self._client.customers.by_id(wanted.customer).qualification
        return standing_in(await self._asker.ask(resource.get_qualifications), wanted.qualification)


def standing_in(found: list[CustomerQualification], qualification: str) -> CustomerQualification | None:
    """Return the one of that name; `None` when there is none."""
    return next((one for one in found if one.qualification == qualification), None)


def entry_of(row: int, standing: CustomerQualification, request_id: str, attempt: int, *, found: bool = False) -> Entry:
    """Return the line for a row that stands somehow."""
    return Entry(
        row=row,
        outcome=outcome_of(standing.vetting_status),
        request_id=request_id,
        attempt=attempt,
        status=(standing.vetting_status or "")[:_MAX_TEXT],
        reason=(standing.vetting_reason or "")[:_MAX_TEXT],
        found=found,
    )


def failure(row: int, error: PartnerCenterError, request_id: str, attempt: int) -> Entry:
    """Return the line for a row that failed."""
    return Entry(
        row=row,
        outcome=Outcome.FAILED,
        request_id=request_id,
        attempt=attempt,
        code=error.code[:_MAX_TEXT],
        name=(error.error_name or type(error).__name__.removesuffix("Error"))[:_MAX_TEXT],
        error=error.description[:_MAX_TEXT],
        lost=is_transient(error),
    )
