"""A file that somebody uploads, read and checked as the command line does it, and put into our words."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final, Literal

from vetline.api.translate import PROGRAMMES, claim_of
from vetline.bulk.asking import asked, problems
from vetline.bulk.checking import check
from vetline.bulk.rows import COLUMNS, InputError, Row, read_rows
from vetline.desk.uploads import Draft
from vetline.store.uploads import Wanted
from vetline.wire.qualifications import QualificationRequest

MAX_BYTES: Final = 10 << 20
MAX_ROWS: Final = 100_000
# Of so many repetitions at most each is named; nothing of such a file is sent in any case.
_NAMED: Final = 10_000
_NO_CELLS: Final = ("",) * len(COLUMNS)


class _Given:
    """A file in memory, to be read again and again."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Return it, from the beginning."""
        return BytesIO(self._data)


def drafts_in(data: bytes) -> Iterator[Draft]:
    """Return the rows of a file, each checked. It takes a while for a long file.

    Raises:
        InputError: it is no table of rows, or too long; the sentence says what to change.
    """
    if len(data) > MAX_BYTES:
        raise InputError(1, f"the file is larger than {MAX_BYTES >> 20} MiB: divide it.")
    findings = check(_Given(data), max_rows=MAX_ROWS, kept=_NAMED).findings
    if findings.broken:
        raise findings.broken
    named = {problem.line: problem.sentence for problem in findings.first}
    return (_draft(row, named.get(row.line, "")) for row in read_rows(BytesIO(data)))


def _draft(row: Row | InputError, named: str) -> Draft:
    """Return a row with what is wrong with it.

    Only of a repetition a row itself knows nothing, so that counts as it was `named`. The other problems are looked for
    again: to keep those of all rows would take much memory.
    """
    if isinstance(row, InputError):
        return Draft(row.line, _NO_CELLS, None, row.sentence)
    sentence = " ".join(problems(row)) or named
    return Draft(row.line, row.cells, None if sentence else wanted_of(row), sentence)


def wanted_of(row: Row) -> Wanted:
    """Return what a row without problems asks for."""
    wanted = asked(row)
    claim = claim_of(QualificationRequest(wanted.qualification, wanted.segment, wanted.website))
    return Wanted(wanted.customer, PROGRAMMES[wanted.qualification], claim, wanted.code or "")
