"""Opening SQLite files: new ones, older ones, newer ones, other people's, and by two processes at once."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.store.records import A, customer, guid, with_customers
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.releases import version_after
from vetline.store.sqlite.schema import APPLICATION_ID, connect, migrate, migrations, version_of
from vetline.store.sqlite.store import SqliteStore

OLDER = ["CREATE TABLE first (a INTEGER NOT NULL) STRICT;\nINSERT INTO first VALUES (7);"]
NEWER = [
    *OLDER,
    "ALTER TABLE first ADD COLUMN b TEXT NOT NULL DEFAULT 'x; -- y';\nCREATE INDEX by_b ON first (b);",
    "UPDATE first SET a = a + 1;",
]


def _schema(path: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").fetchall()
    connection.close()
    return found


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_schema_is_the_sum_of_the_migrations(tmp_path: Path) -> None:
    """What the scripts say, run one after the other by SQLite itself, is what a store has, and no more."""
    with sqlite3.connect(tmp_path / "plain.db") as plain:
        for script in migrations():
            plain.executescript(script)
    plain.close()
    store = connect(tmp_path / "ours.db", busy_ms=0)
    assert migrate(store, migrations()) == len(migrations())
    assert (version_of(store), _pragma(store, "application_id")) == (version_after(migrations()), APPLICATION_ID)
    store.close()
    assert _schema(tmp_path / "ours.db") == _schema(tmp_path / "plain.db")


async def test_opening_again_changes_nothing_and_keeps_everything(tmp_path: Path) -> None:
    """A second start finds the schema up to date and the data there."""
    path = tmp_path / "vetline.db"
    store = SqliteStore(path)
    await with_customers(store, customer())
    await store.close()
    before = _schema(path)
    store = SqliteStore(path)
    assert await store.customer(A, guid(1)) == customer()
    await store.close()
    assert _schema(path) == before


@pytest.mark.parametrize("applied", [1, 2, 3])
def test_older_database_is_upgraded_with_its_data(tmp_path: Path, applied: int) -> None:
    """Only what is missing is applied, in order; the rows are kept."""
    connection = connect(tmp_path / "old.db", busy_ms=0)
    migrate(connection, NEWER[:applied])
    assert migrate(connection, NEWER) == 3 - applied
    assert connection.execute("SELECT a, b FROM first").fetchall() == [(8, "x; -- y")]
    assert migrate(connection, NEWER) == 0
    connection.close()


def test_failing_migration_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """A script that breaks half-way is undone as a whole, and the one before it stands."""
    broken = [*NEWER[:2], "UPDATE first SET a = 99;\nUPDATE nothing SET a = 1;"]
    connection = connect(tmp_path / "old.db", busy_ms=0)
    with pytest.raises(sqlite3.OperationalError, match="nothing"):
        migrate(connection, broken)
    assert _pragma(connection, "user_version") == 2
    assert connection.execute("SELECT a FROM first").fetchall() == [(7,)]
    assert migrate(connection, NEWER) == 1
    connection.close()


def test_newer_database_is_refused_with_a_sentence_and_not_touched(tmp_path: Path) -> None:
    """A roll-back of the program says what to do instead of guessing."""
    path = tmp_path / "new.db"
    connection = connect(path, busy_ms=0)
    migrate(connection, [*migrations(), "CREATE TABLE tomorrow (a INTEGER) STRICT;"])
    connection.close()
    before = _schema(path)
    versions = rf"\(schema {len(migrations()) + 1}; this release knows {len(migrations())}\)"
    with pytest.raises(SchemaError, match=rf"newer release {versions}\. Install that release"):
        SqliteStore(path)
    assert _schema(path) == before


def test_other_programs_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    """A SQLite file that is not ours is never written to."""
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE recipes (cake TEXT)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(SchemaError, match="belongs to another program"):
        SqliteStore(path)
    assert _schema(path) == [("table", "recipes", "recipes", "CREATE TABLE recipes (cake TEXT)")]
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"this is no database, but long enough to be taken for one" * 20, b"\x00" * 4096])
def test_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    """The path is in the sentence, and the file is as it was."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(UnavailableError, match=r"notes\.txt"):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_place_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """A folder is not made silently, and a folder is not a file."""
    for path in (tmp_path / "missing" / "vetline.db", tmp_path):
        with pytest.raises(UnavailableError, match="cannot open the database"):
            SqliteStore(path)


_OPENER = """
import asyncio, sys, pathlib
from vetline.store.sqlite.store import SqliteStore
sys.stdin.readline()
asyncio.run(SqliteStore(pathlib.Path(sys.argv[1])).close())
"""


def test_first_starts_at_once_do_not_refuse_each_other(tmp_path: Path) -> None:
    """However many open a new file together, each finds it ready: none sees it locked, or half made and not ours."""

    def start(path: Path) -> int:
        connection = connect(path, busy_ms=2_000)
        applied = migrate(connection, migrations())
        connection.close()
        return applied

    with ThreadPoolExecutor(8) as starts:
        for number in range(15):
            path = tmp_path / f"{number}.db"
            assert len(list(starts.map(start, [path] * 8))) == 8


def test_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """Whoever comes second finds the work done; each of them starts."""
    for round_number in range(3):
        path = tmp_path / f"{round_number}.db"
        command = [sys.executable, "-c", _OPENER, str(path)]
        openers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
        ]
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write("go\n")
            opener.stdin.flush()
        assert [(opener.communicate()[1], opener.returncode) for opener in openers] == [("", 0)] * 4
        assert len(_schema(path)) > 6
