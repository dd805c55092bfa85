"""Uploads of 100,000 rows each, as somebody would find them: one worked off, one half way, one refused. Pure.

Their rows ask for customers all over the database, so that what is read of their cases lies as far apart as can be.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from bench.pages.cases import EACH, programme
from bench.seeding import customer_id
from vetline.sandbox.contents.seeds import CONTOSO_TENANT
from vetline.store.uploads import RowState, Trouble, Upload, UploadRow, UploadState, Wanted, Why
from vetline.vetting.applicant import Claim
from vetline.vetting.words import Segment

ROWS: Final = 100_000
_PRIME: Final = 7_919
_FAILS: Final = 20  # one of so many
_SITE: Final = "https://www.example.edu/about"
_CLAIM: Final = Claim(Segment.HIGHER, _SITE)


class Given(msgspec.Struct, frozen=True):
    """An upload, and what became of it.

    Parameters:
        name: for the table.
        id: a GUID.
        state: where it stands.
        settled: how many of its rows do not wait.
        fails: one of so many of these failed.
    """

    name: str
    id: str
    state: UploadState
    settled: int
    fails: int = _FAILS


WORKED_OFF: Final = Given("worked off", "55555555-0000-4000-8000-000000000001", UploadState.DONE, ROWS)
HALF_WAY: Final = Given("half way", "55555555-0000-4000-8000-000000000002", UploadState.OPEN, ROWS // 2)
REFUSED: Final = Given("refused", "55555555-0000-4000-8000-000000000003", UploadState.REFUSED, ROWS, 1)
GIVEN: Final = (WORKED_OFF, HALF_WAY, REFUSED)


def upload(given: Given, now: datetime) -> Upload:
    """Return an upload that is still to get its rows."""
    return Upload(CONTOSO_TENANT, given.id, f"{given.name}.csv", "partner:bench", now)


def rows(given: Given, customers: int) -> Iterator[UploadRow]:
    """Yield the rows of an upload over so many customers."""
    return (_row(given, place, customers) for place in range(ROWS))


def _row(given: Given, place: int, customers: int) -> UploadRow:
    number = _customer(place, customers)
    wanted = Wanted(customer_id(number), programme(number), _CLAIM)
    cells = (wanted.customer, wanted.programme.value, "HigherEducation", _SITE, "")
    state, why = _standing(given, place)
    return UploadRow(CONTOSO_TENANT, given.id, place + 2, cells, wanted, state, why)


def _customer(place: int, customers: int) -> int:
    """Return somebody who has a case: of ten customers the first four have one."""
    return place * _PRIME % (customers // EACH) * EACH + place % 4


def _standing(given: Given, place: int) -> tuple[RowState, Why | None]:
    if place >= given.settled:
        return RowState.WAITING, None
    return (RowState.FAILED, Trouble.CUSTOMER_UNKNOWN) if place % given.fails == 0 else (RowState.SENT, None)
