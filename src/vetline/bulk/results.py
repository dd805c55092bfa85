"""The results as CSV: a row of the input with what became of it. They are themselves a valid input."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from vetline.bulk.formulas import protected
from vetline.bulk.outcomes import Entry, Outcome
from vetline.bulk.rows import COLUMNS

ADDED: Final = ("outcome", "vetting_status", "vetting_reason", "error_code", "error", "request_id")

# An outcome and its reason, or the error's code and name.
Tally = Counter[tuple[Outcome, str]]


def header_line() -> str:
    """Return the first line."""
    return _line([*COLUMNS, *ADDED])


def result_line(cells: Sequence[str], entry: Entry) -> str:
    """Return the line of a row.

    Parameters:
        cells: the five of the input.
        entry: what became of it.
    """
    return _line([protected(cell) for cell in (*cells, *_added(entry))])


def _added(entry: Entry) -> tuple[str, ...]:
    return entry.outcome.word, entry.status, entry.reason, entry.code, entry.error, entry.request_id


class _UnixLines:
    """Ends lines with a line feed. The writer itself must end them with both, or it puts no quotes around a lone CR."""

    @staticmethod
    def write(line: str) -> str:
        """Return a row as it is written."""
        return line.removesuffix("\r\n") + "\n"


def _line(cells: Sequence[str]) -> str:
    # The writer hands on what its file's `write` returns: https://docs.python.org/3/library/csv.html#csv.csvwriter.writerow
    return str(csv.writer(_UnixLines).writerow(cells))


def tally_of(entries: Iterable[Entry]) -> Tally:
    """Return how many rows have each outcome and reason."""
    return Counter((entry.outcome, reason_of(entry)) for entry in entries)


def reason_of(entry: Entry) -> str:
    """Return why, in a form that many rows share: an error's text may name the customer."""
    if entry.outcome is Outcome.FAILED:
        return " ".join(part for part in (entry.code, entry.name) if part)
    return f"{entry.reason} (found done)".strip() if entry.found else entry.reason
