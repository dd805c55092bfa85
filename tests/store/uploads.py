"""Uploads for the tests of stores: complete records with as little said as possible."""

from collections.abc import Sequence
from datetime import datetime

from tests.store.records import EDUCATION, T0, A, guid, save
from vetline.store.changes import RowAdded, RowSettled, UploadBegun, UploadMoved
from vetline.store.port import Store
from vetline.store.uploads import RowState, Upload, UploadRow, UploadState, Wanted, Why
from vetline.vetting.applicant import Claim
from vetline.vetting.words import Segment


def upload(number: int = 1, partner: str = A, moment: datetime = T0) -> Upload:
    """Return an upload that is still to get its rows."""
    return Upload(partner, guid(number, "u"), f"Kunden «{number}».csv", "partner:ada", moment)


def row(line: int = 2, number: int = 1, partner: str = A) -> UploadRow:
    """Return a row for the customer of its line."""
    cells = (guid(line), "Education", "K12", "=1+1\0ä", "")
    wanted = Wanted(guid(line), EDUCATION, Claim(Segment.K12, "example.edu"), "")
    return UploadRow(partner, guid(number, "u"), line, cells, wanted)


async def with_upload(
    store: Store,
    lines: Sequence[int] = (2, 3, 4),
    number: int = 1,
    partner: str = A,
    moment: datetime = T0,
    state: UploadState = UploadState.OPEN,
) -> Upload:
    """Put an upload with its rows into a store."""
    begun = upload(number, partner, moment)
    await save(store, UploadBegun(begun), *(RowAdded(row(line, number, partner)) for line in lines))
    if state is not UploadState.PARTIAL:
        await move(store, begun, UploadState.PARTIAL, state)
    return begun


async def move(store: Store, which: Upload, before: UploadState, after: UploadState) -> None:
    """Move an upload from one state to another."""
    await save(store, UploadMoved(which.partner, which.id, before, after))


def settled(line: int, state: RowState = RowState.SENT, why: Why | None = None, number: int = 1) -> RowSettled:
    """Return the effect that settles a row."""
    return RowSettled(A, guid(number, "u"), line, state, why)
