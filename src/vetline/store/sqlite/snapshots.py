"""Puts a whole database into a value and makes it from one. Indexes and words the database derives by itself."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vetline.store.snapshots import Snapshot, SnapshotError
from vetline.store.sqlite.rows import blob
from vetline.store.sqlite.schema import version_of

# The index of words is a virtual table, and what it keeps are shadow tables.
_TABLES = """
SELECT s.name FROM sqlite_schema AS s JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name
 WHERE l.type = 'table' AND s.name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY s.rowid
"""
_BYTES = "hex"

Columns = Mapping[str, Sequence[str]]


def taken(connection: sqlite3.Connection) -> Snapshot:
    """Return all rows of a database."""
    tables = {name: [list(columns), *_rows(connection, name)] for name, columns in _columns(connection).items()}
    return Snapshot(version_of(connection).number, tables)


def put(connection: sqlite3.Connection, snapshot: Snapshot, other_ids: Mapping[str, str]) -> None:
    """Put a snapshot's rows in the place of all others, inside the caller's transaction.

    Raises:
        SnapshotError: it is another release's, or no snapshot.
    """
    columns, known = _columns(connection), version_of(connection).number
    if snapshot.schema != known or {*snapshot.tables} != {*columns}:
        raise SnapshotError(
            f"the snapshot is of another release: its schema is {snapshot.schema}, and here it is {known}"
        )
    others = {blob(ours): blob(theirs) for ours, theirs in other_ids.items()}
    try:
        for name in reversed(columns):
            connection.execute(f"DELETE FROM {name}")  # noqa: S608 - the names are the schema's own
        for name, expected in columns.items():
            _fill(connection, name, expected, snapshot.tables[name], others)
    except (sqlite3.Error, ValueError, TypeError, KeyError, OverflowError) as error:
        raise SnapshotError(f"the snapshot's rows do not fit: {error}") from error


def _fill(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    others: Mapping[bytes, bytes],
) -> None:
    if not rows or list(rows[0]) != list(columns):
        raise ValueError(f"{table} has other columns")
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - as above
    connection.executemany(statement, ([_read(value, others) for value in row] for row in rows[1:]))


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the columns of every table, each table after those that it refers to."""
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    ask = "SELECT name FROM pragma_table_info(?)"
    return {name: [column for (column,) in connection.execute(ask, (name,))] for name in names}


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[list[Any]]:
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608 - as above
        yield [{_BYTES: value.hex()} if isinstance(value, bytes) else value for value in row]


def _read(value: Any, others: Mapping[bytes, bytes]) -> Any:
    if not isinstance(value, dict):
        return value
    found = bytes.fromhex(value[_BYTES])
    return others.get(found, found)
