"""Opens connections and brings the schema up to date. A database of a newer release is refused, never touched."""

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from vetline.store.port import SchemaError, UnavailableError

# "VETL": tells our files from everybody else's.
APPLICATION_ID = 0x5645544C

_PATIENCE_MS = 10


def migrations() -> list[str]:
    """Return the numbered migration scripts, the first one first."""
    folder = files("vetline.store").joinpath("migrations", "sqlite")
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [entry.read_text("utf-8") for entry in found]


def connect(path: Path, *, busy_ms: int, durable: bool = True) -> sqlite3.Connection:
    """Open a connection.

    Parameters:
        path: the database file.
        busy_ms: how long a statement may wait for a lock, in milliseconds.
        durable: whether a commit is on disk when it returns; only a throw-away database does without.

    Raises:
        SchemaError: the file is another program's; nothing in it is changed.
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
    refuse_foreign(connection)
    _write_ahead(connection, busy_ms)
    execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA wal_autocheckpoint = 0")  # the checkpointer does it, off the writer's path
    execute("PRAGMA mmap_size = 268435456")
    execute("PRAGMA cache_size = -65536")


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
        scripts: all migrations, the first one first; a database's version is how many of them it has had.

    Returns:
        How many were applied.

    Raises:
        SchemaError: the database belongs to a newer release.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(scripts):
        raise SchemaError(
            f"The database was written by a newer release (schema {version}; this release knows {len(scripts)}). "
            "Install that release or a newer one, or give another --database-url."
        )
    for number, script in enumerate(scripts[version:], start=version + 1):
        _apply(connection, number, script)
    return len(scripts) - version


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


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    """Two processes may start at once: whoever gets the lock second finds the version moved and does nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == number - 1:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
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
