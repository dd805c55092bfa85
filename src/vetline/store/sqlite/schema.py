"""Opens connections and brings the schema up to date. A database that this release cannot read is never touched."""

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vetline.store import releases
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.releases import Version, version_after

# "VETL": tells our files from everybody else's.
APPLICATION_ID = 0x5645544C

# The file's header has one number for us: a version, and above these bits who can read it, where that is not itself.
_NUMBER_BITS = 16

_PATIENCE_MS = 10


def migrations() -> Sequence[str]:
    """Return the numbered migration scripts, the first one first."""
    return releases.migrations("sqlite")


def connect(path: Path, *, busy_ms: int, durable: bool = True) -> sqlite3.Connection:
    """Open a connection.

    Parameters:
        path: the database file.
        busy_ms: how long a statement may wait for a lock, in milliseconds.
        durable: whether a commit is on disk when it returns; only a throw-away database does without.

    Raises:
        SchemaError: the file is another program's, or SQLite lacks what is needed; nothing in it is changed.
        UnavailableError: the file cannot be opened.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    except sqlite3.Error as error:
        raise UnavailableError(f"cannot open the database {path}: {error}") from error
    try:
        _prepare(connection, busy_ms, durable)
    except sqlite3.Error as error:
        connection.close()
        raise UnavailableError(f"cannot open the database {path}: {error}") from error
    except SchemaError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, busy_ms: int, durable: bool) -> None:
    """Whose file it is comes first: the write-ahead log alone would already change it."""
    execute = connection.execute
    execute(f"PRAGMA busy_timeout = {busy_ms}")
    if not durable:
        execute("PRAGMA page_size = 1024")  # most have a row or none in a table, which takes a page
    refuse_foreign(connection)
    refuse_without("fts5")
    _write_ahead(connection, busy_ms)
    execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
    execute("PRAGMA foreign_keys = ON")
    if durable:
        execute("PRAGMA wal_autocheckpoint = 0")  # the checkpointer does it, off the writer's path
    execute("PRAGMA cache_size = -16384")  # more made nothing faster: the system's own cache is beneath


def _write_ahead(connection: sqlite3.Connection, busy_ms: int) -> None:
    """Switch to the write-ahead log. For this one lock SQLite does not wait, so two first starts need patience here."""
    for _ in range(busy_ms // _PATIENCE_MS):
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(_PATIENCE_MS / 1000)
    connection.execute("PRAGMA journal_mode = WAL")


def migrate(connection: sqlite3.Connection, scripts: Sequence[str]) -> int:
    """Bring a database up to date, each migration in a transaction of its own.

    Parameters:
        connection: an open connection.
        scripts: all migrations, the first one first; see `releases`.

    Returns:
        How many were applied.

    Raises:
        SchemaError: the database is a newer release's, and this one cannot run on it.
    """
    found = version_of(connection)
    found.check(len(scripts))
    for number in range(found.number + 1, len(scripts) + 1):
        _apply(connection, scripts[:number])
    return max(0, len(scripts) - found.number)


def version_of(connection: sqlite3.Connection) -> Version:
    """Return which migrations a database has had, and who can read it."""
    (noted,) = connection.execute("PRAGMA user_version").fetchone()
    number = noted & ((1 << _NUMBER_BITS) - 1)
    return Version(number, noted >> _NUMBER_BITS or number)


def _note(connection: sqlite3.Connection, version: Version) -> None:
    readable_by = 0 if version.readable_by == version.number else version.readable_by
    connection.execute(f"PRAGMA user_version = {readable_by << _NUMBER_BITS | version.number}")


def refuse_foreign(connection: sqlite3.Connection) -> None:
    """Return when a file is ours, or nobody's yet.

    Raises:
        SchemaError: it is another program's.
    """
    # In this order: another process may be making the first tables, and it signs the file in the same transaction.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and owner != APPLICATION_ID:
        raise SchemaError("This SQLite file belongs to another program. Give another --database-url.")


def refuse_without(module: str) -> None:
    """Return when the SQLite that Python is linked with has a module.

    Raises:
        SchemaError: it does not.
    """
    if module not in _modules():
        raise SchemaError(
            f"This Python's SQLite {sqlite3.sqlite_version} was built without {module}, by which customers are found. "
            "Run Vetline with another build of Python or of SQLite, or on PostgreSQL."
        )


@cache
def _modules() -> frozenset[str]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        return frozenset(name for (name,) in connection.execute("PRAGMA module_list"))


def _apply(connection: sqlite3.Connection, scripts: Sequence[str]) -> None:
    """Apply the last of some migrations.

    Two processes may start at once: whoever gets the lock second finds the version moved and does nothing.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection).number == len(scripts) - 1:
            for statement in _statements(scripts[-1]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            _note(connection, version_after(scripts))
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _statements(script: str) -> list[str]:
    found, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return found
