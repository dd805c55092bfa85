"""The SQLite file that is copied from: locked, so that nobody serves it meanwhile, and never written.

Its tables are read in the order in which the rows came, because that is how they lie in the file; a run that goes on
finds its place by counting.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from vetline.store.copying.outcomes import CopyConflictError, Row
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.sqlite.schema import migrate, migrations, refuse_foreign, version_of

# Whoever holds the file for a moment only, such as a backup, is waited for.
_PATIENCE_MS: Final = 2_000

# A lease is a worker's, and no worker moves with the data: what is due stays due.
_LEASE: Final = "lease_until"

# The index of words is a virtual table, and what it keeps are shadow tables.
_TABLES: Final = """
SELECT s.name FROM sqlite_schema AS s JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name
 WHERE l.type = 'table' ORDER BY s.rowid
"""


class Table(NamedTuple):
    """A table that is copied.

    Parameters:
        name, columns: as both stores call them.
    """

    name: str
    columns: tuple[str, ...]


def tables() -> list[Table]:
    """Return every table of this release's schema, each after those that it refers to; what is derived is left out."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as plain:
        migrate(plain, migrations())
        names = plain.execute(_TABLES).fetchall()
        return [Table(name, _columns(plain, name)) for (name,) in names]


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))


class Source:
    """A locked file; use `opened`.

    Parameters:
        connection: in a transaction that lasts as long as the copy.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        with _readable():
            return int(self._connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])  # noqa: S608

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows in the order in which they came."""
        columns = ", ".join("NULL" if name == _LEASE else name for name in table.columns)
        with _readable():
            # The names are our own migrations'. Row by row: a copy that gives up leaves the cursor behind, unclosed.
            for row in self._connection.execute(f"SELECT {columns} FROM {table.name} ORDER BY rowid"):  # noqa: S608, UP028
                yield row


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Yield a file to copy from, and let go of it afterwards.

    Raises:
        SchemaError: it is no Vetline database, or of another release.
        CopyConflictError: it is in use.
        UnavailableError: it cannot be opened.
    """
    if not path.is_file():
        raise SchemaError(f"There is no file {path}. Give --from the sqlite:///FILE that was served so far.")
    with _readable(), closing(_connected(path)) as connection:
        _lock(connection, path)
        _refuse_other_schemas(connection, path)
        yield Source(connection)


def _connected(path: Path) -> sqlite3.Connection:
    # "rw" makes no file, and the lock below needs the right to write.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)


def _lock(connection: sqlite3.Connection, path: Path) -> None:
    """Lock everybody out: in this mode SQLite refuses as long as another connection is open, even an idle one.

    Source: https://www.sqlite.org/pragma.html#pragma_locking_mode
    """
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise CopyConflictError(
            f"{path} is in use. Stop the service that serves it, and whatever else has it open, then run this again."
        ) from error
    connection.execute("PRAGMA query_only = ON")


def _refuse_other_schemas(connection: sqlite3.Connection, path: Path) -> None:
    refuse_foreign(connection)
    version, known = version_of(connection).number, len(migrations())
    if not version:
        raise SchemaError(f"{path} holds nothing of Vetline. Give --from the sqlite:///FILE that was served so far.")
    if version < known:
        raise SchemaError(
            f"{path} has an older schema ({version}; this release has {known}). "
            f"Run `vetline migrate --database-url sqlite:///{path}` first."
        )
    if version > known:
        raise SchemaError(
            f"{path} was written by a newer release (schema {version}; this release knows {known}). "
            "Copy with that release or a newer one."
        )


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UnavailableError(f"the file to copy from cannot be read: {error}") from error
