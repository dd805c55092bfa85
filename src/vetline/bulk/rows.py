"""Reading the input: one pass over a file of any length, one row in memory. What is wrong with a row's words is not
looked at here, only what makes the file unreadable as a table.
"""

import csv
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import BinaryIO, Final, NamedTuple

from vetline.bulk.formulas import unprotected

COLUMNS: Final = ("customer_id", "qualification", "education_segment", "website", "validation_code")

# Longer lines are no rows of such a table; a file without line ends must not fill the memory.
MAX_LINE_BYTES: Final = 1 << 20

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = str.maketrans("", "", "_- ")

Watch = Callable[[bytes], object]


class InputError(Exception):
    """The file, or one of its lines, cannot be read as rows.

    Attributes:
        line: where, from 1.
        sentence: what is wrong and what to write instead.
    """

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


class Row(NamedTuple):
    """One row of the input, its cells as they were before any protection.

    Parameters:
        number: which row, from 1; the header and empty lines are not counted.
        line: the line in the file on which it begins, from 1.
    """

    number: int
    line: int
    customer_id: str
    qualification: str
    education_segment: str
    website: str
    validation_code: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The five cells, in the order of `COLUMNS`."""
        return self[2:]

    def fingerprint(self) -> int:
        """Return a number by which the row is recognised in a later pass."""
        text = "\0".join(self.cells).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=8).digest())


def read_rows(file: BinaryIO, watch: Watch | None = None) -> Iterator[Row | InputError]:
    """Yield each row; in place of one with too many or too few cells, the error that says so.

    Parameters:
        file: the input, at its beginning.
        watch: told each line's bytes, for a checksum.

    Raises:
        InputError: the file cannot be read any further.
    """
    lines = _table(file, watch)
    header = next(lines, None)
    if header is None:
        raise InputError(
            1, f"the file is empty: it needs the header `{','.join(COLUMNS)}` and a row for each customer."
        )
    places = _places(*header)
    for number, (line, cells) in enumerate(lines, 1):
        if len(cells) == len(header[1]):
            yield Row(number, line, *(unprotected(cells[place]) for place in places))
        else:
            yield InputError(line, _count_sentence(len(cells), len(header[1])))


def _count_sentence(found: int, wanted: int) -> str:
    return f"{found} cells where the header has {wanted}: put a cell that holds a comma in double quotes."


def _places(line: int, header: list[str]) -> list[int]:
    """Return where each of the columns stands."""
    names = [name.translate(_SEPARATORS).lower() for name in header]
    wanted = [column.translate(_SEPARATORS) for column in COLUMNS]
    missing = [column for column, name in zip(COLUMNS, wanted, strict=True) if name not in names]
    if missing:
        raise InputError(line, _header_sentence(header, missing))
    twice = [column for column, name in zip(COLUMNS, wanted, strict=True) if names.count(name) > 1]
    if twice:
        raise InputError(line, f"the header names {', '.join(twice)} more than once: keep one column of each name.")
    return [names.index(name) for name in wanted]


def _header_sentence(header: list[str], missing: list[str]) -> str:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return "the cells are separated by something else than a comma: save the file as CSV with commas."
    return f"the header lacks {', '.join(missing)}; it must hold the columns `{','.join(COLUMNS)}`, in any order."


def _table(file: BinaryIO, watch: Watch | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of every line that is not empty."""
    reader = csv.reader(_lines(file, watch), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(line, _csv_sentence(str(error))) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _csv_sentence(error: str) -> str:
    if "new-line character" in error:
        return "it holds a bare carriage return: save the file with the line ends of Linux or Windows."
    if "field larger" in error or "unexpected end" in error:
        return "a double quote is opened and never closed: close it, or write it twice where it belongs to the text."
    return f"it is not valid CSV ({error}): put the cell in double quotes, and write quotes inside it twice."


def _lines(file: BinaryIO, watch: Watch | None) -> Iterator[str]:
    """Yield the lines as text, the byte order mark left out."""
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if watch:
            watch(raw)
        if len(raw) > MAX_LINE_BYTES:
            raise InputError(
                number, f"the line is longer than {MAX_LINE_BYTES:,} bytes: this is no table of customers."
            )
        yield _decoded(raw, number)


def _decoded(raw: bytes, number: int) -> str:
    try:
        return (raw.removeprefix(_BOM) if number == 1 else raw).decode("utf-8")
    except UnicodeDecodeError as error:
        kind = "UTF-16" if number == 1 and raw.startswith(_UTF_16) else "not UTF-8"
        what = f"{kind} (byte {error.start + 1} of the line)"
        raise InputError(number, f"the text is {what}: save the file as CSV in UTF-8.") from error
