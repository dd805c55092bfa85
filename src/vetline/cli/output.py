"""Writes data to stdout: as a table for people, as JSON, JSON lines or CSV for programs. Everything else is for stderr.

A record is a mapping of JSON values. Tables and CSV show the columns named; JSON shows all of it.
"""

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from vetline.cli.cells import csv_cell, json_safe, table_cell

Record = Mapping[str, Any]


class Format(StrEnum):
    """How data is written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def show_many(records: Iterable[Record], columns: Sequence[str], form: Format, empty: str) -> None:
    """Write records as they come; only a table is written when all are there.

    Parameters:
        columns: what tables and CSV show.
        form: how.
        empty: a sentence for stderr when a table would be empty.
    """
    match form:
        case Format.JSON:
            _write_array(records)
        case Format.JSONL:
            _write_lines(records)
        case Format.CSV:
            _write_csv(records, columns)
        case Format.TABLE:
            _write_table([[record.get(name) for name in columns] for record in records], columns, empty)


def show_one(record: Record, form: Format) -> None:
    """Write one record: as a JSON document, as a row of CSV, or as a table of its fields."""
    match form:
        case Format.JSON:
            _write(_json(record, indent=2) + "\n")
        case Format.JSONL:
            _write_lines([record])
        case Format.CSV:
            flat = flattened(record)
            _write_csv([flat], list(flat))
        case Format.TABLE:
            _write_table([[name, value] for name, value in flattened(record).items()], ("field", "value"), "")


def flattened(record: Record, prefix: str = "") -> dict[str, Any]:
    """Return a record without inner records: their members become `address.city`, those of lists `history.1.step`."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
            flat |= flattened({str(number): one for number, one in enumerate(value, 1)}, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def note(sentence: str) -> None:
    """Say something to the person at the terminal; it is no data."""
    from vetline.cli.cells import harmless

    sys.stderr.write(f"{harmless(sentence, keep=chr(10))}\n")
    sys.stderr.flush()


def _write_array(records: Iterable[Record]) -> None:
    before = "[\n  "
    for record in records:
        _write(before + _json(record))
        before = ",\n  "
    _write("[]\n" if before.startswith("[") else "\n]\n")


def _write_lines(records: Iterable[Record]) -> None:
    for record in records:
        _write(_json(record) + "\n")


def _json(record: Record, indent: int = 0) -> str:
    import msgspec

    encoded = msgspec.json.encode(record)
    return json_safe((msgspec.json.format(encoded, indent=indent) if indent else encoded).decode())


def _write_csv(records: Iterable[Record], columns: Sequence[str]) -> None:
    _write(_csv_line(columns))
    for record in records:
        _write(_csv_line([csv_cell(record.get(name)) for name in columns]))


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _write_table(rows: Sequence[Sequence[Any]], columns: Sequence[str], empty: str) -> None:
    if not rows:
        note(empty)
        return
    from vetline.cli.tables import drawn

    cells = [[table_cell(value) for value in row] for row in rows]
    sys.stdout.write(drawn(columns, cells, terminal=sys.stdout.isatty()))
    sys.stdout.flush()


def _write(text: str) -> None:
    # JSON is UTF-8 whatever the locale says, and CSV is no use otherwise: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
