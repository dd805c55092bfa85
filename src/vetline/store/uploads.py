"""Uploads as the store keeps them: the rows of a file, and what became of each."""

import uuid
from datetime import datetime
from enum import StrEnum

import msgspec

from vetline.vetting.applicant import Claim
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Reason, Stage


class UploadState(StrEnum):
    """Where an upload stands."""

    PARTIAL = "partial"
    """Not all of it is there: it is being added or being forgotten, and nobody is shown it."""
    OPEN = "open"
    """Its rows are submitted."""
    DONE = "done"
    """Every row was submitted, or failed."""
    CANCELLED = "cancelled"
    """What was not submitted yet is not submitted any more."""
    REFUSED = "refused"
    """The check found something wrong with it: nothing of it is submitted."""


class RowState(StrEnum):
    """Where a row stands; how its customer's case stands is read from the case."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Trouble(StrEnum):
    """Why a row failed, beside what the rules refuse."""

    NOT_VALID = "not-valid"
    """The check's own sentence stands beside it."""
    ROLE_MISSING = "role-missing"
    CUSTOMER_UNKNOWN = "customer-unknown"
    CUSTOMER_FOREIGN = "customer-foreign"
    UNEXPECTED = "unexpected"


Why = Refusal | Trouble


class Upload(msgspec.Struct, frozen=True):
    """A file that a partner gave.

    Parameters:
        partner: the partner's tenant, a lower-case GUID.
        id: a lower-case GUID.
        file: the file's name.
        by: who gave it, as the audit log says it.
        at: when, UTC.
        state: where it stands.
        rows: how many rows it has.
        waiting: how many of them are not submitted.
        failed: how many of them failed.
    """

    partner: str
    id: str
    file: str
    by: str
    at: datetime
    state: UploadState = UploadState.PARTIAL
    rows: int = 0
    waiting: int = 0
    failed: int = 0


class Wanted(msgspec.Struct, frozen=True):
    """What a row asks for.

    Parameters:
        customer: for whom, a lower-case GUID.
        programme: what.
        claim: what is said of the customer.
        code: the validation code, empty for none.
    """

    customer: str
    programme: Programme
    claim: Claim = Claim()
    code: str = ""


class UploadRow(msgspec.Struct, frozen=True):
    """One row of an upload.

    Parameters:
        partner, upload: of which one.
        line: where it stands in the file.
        cells: as they were given.
        wanted: what they ask for; `None` when they are not valid.
        state: where it stands.
        why: why it failed.
        sentence: what the check said of it.
    """

    partner: str
    upload: str
    line: int
    cells: tuple[str, ...]
    wanted: Wanted | None
    state: RowState = RowState.WAITING
    why: Why | None = None
    sentence: str = ""

    @property
    def request_id(self) -> str:
        """The id of its submission, the same whenever and by whomever it is tried."""
        return str(uuid.uuid5(uuid.UUID(self.upload), str(self.line)))


class RowNow(msgspec.Struct, frozen=True):
    """A row, and how the case that it asked for stands now.

    Parameters:
        row: the row.
        stage, reason: of the case; `None` for a row that was not sent, and when the customer is gone.
    """

    row: UploadRow
    stage: Stage | None
    reason: Reason | None


class RowKind(msgspec.Struct, frozen=True):
    """How many rows of an upload stand alike."""

    state: RowState
    why: Why | None
    stage: Stage | None
    reason: Reason | None
    count: int
