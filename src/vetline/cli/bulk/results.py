"""The results file: every row of the input in its order, with what became of it. It is itself a valid input.

Written whole beside its place, flushed to the disk, and then renamed: there is the old file or the new one, never half.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TextIO

from vetline.cli.bulk.disk import replacing
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.outcomes import Entry, Outcome
from vetline.cli.bulk.rows import COLUMNS, Row
from vetline.cli.formulas import protected

ADDED: Final = ("outcome", "vetting_status", "vetting_reason", "error_code", "error", "request_id")

# An outcome and its reason, or the error's code and name.
Tally = Counter[tuple[Outcome, str]]


def write_results(path: Path, rows: Iterable[Row], journal: Journal) -> None:
    """Write the results.

    Parameters:
        path: where; an earlier file is replaced.
        rows: all rows of the input.
        journal: what became of them.

    Raises:
        OSError: it cannot be written.
        InputError: the input is not the one that was checked any more.
    """
    with replacing(path) as file:
        csv.writer(_UnixLines(file)).writerows(_lines(rows, journal))


class _UnixLines:
    """Ends lines with a line feed. The writer itself must end them with both, or it puts no quotes around a lone CR."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        """Write one row."""
        return self._file.write(line.removesuffix("\r\n") + "\n")


def tally_of(journal: Journal) -> Tally:
    """Return how many rows have each outcome and reason."""
    entries = (journal.entry(row) for row in range(1, journal.rows + 1))
    return Counter((entry.outcome, reason_of(entry)) for entry in entries)


def _lines(rows: Iterable[Row], journal: Journal) -> Iterator[list[str]]:
    yield [*COLUMNS, *ADDED]
    for row in rows:
        entry = journal.entry(row.number)
        yield [protected(cell) for cell in (*row.cells, *_added(entry))]


def _added(entry: Entry) -> tuple[str, ...]:
    return entry.outcome.word, entry.status, entry.reason, entry.code, entry.error, entry.request_id


def reason_of(entry: Entry) -> str:
    """Return why, in a form that many rows share: an error's text may name the customer."""
    if entry.outcome is Outcome.FAILED:
        return " ".join(part for part in (entry.code, entry.name) if part)
    return f"{entry.reason} (found done)".strip() if entry.found else entry.reason
