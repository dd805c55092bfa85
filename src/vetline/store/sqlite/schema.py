"""Opens connections and brings the schema up to date. A database of a newer release is refused, never touched."""

import sqlite3
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from vetline.store.port import SchemaError, UnavailableError

# "VETL": tells our files from everybody else's.
APPLICATION_ID = 0x5645544C


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
        UnavailableError: the file cannot be opened.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        connection.execute(f"PRAGMA busy_timeout = {busy_ms}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # the checkpointer does it, off the writer's path
        connection.execute("PRAGMA mmap_size = 268435456")
        connection.execute("PRAGMA cache_size = -65536")
    except sqlite3.Error as error:
        raise UnavailableError(f"cannot open the database {path}: {error}") from error
    return connection


def migrate(connection: sqlite3.Connection, scripts: Sequence[str]) -> int:
    """Bring a database up to date, each migration in a transaction of its own.

    Parameters:
        connection: an open connection.
        scripts: all migrations, the first one first; a database's version is how many of them it has had.

    Returns:
        How many were applied.

    Raises:
        SchemaError: the database is not ours or belongs to a newer release.
    """
    _refuse_foreign(connection)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(scripts):
        raise SchemaError(
            f"The database was written by a newer release (schema {version}; this release knows {len(scripts)}). "
            "Install that release or a newer one, or give another --database-url."
        )
    for number, script in enumerate(scripts[version:], start=version + 1):
        _apply(connection, number, script)
    return len(scripts) - version


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
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
