"""The file to copy from: whose it is, who else has it open, and what of it is copied."""

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from tests.store.copying.moving import change
from tests.support.postgres import PostgresServer
from vetline.store.copying.outcomes import CopyConflictError
from vetline.store.copying.source import opened, tables
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.postgres.schema import prepare
from vetline.store.sqlite.schema import connect, migrate, migrations
from vetline.store.sqlite.store import SqliteStore

COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = current_schema() AND is_identity = 'NO' AND table_name <> 'vetline_schema'
"""


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with nothing in it."""
    await SqliteStore(tmp_path / "vet line%3F#1.db").close()
    return tmp_path / "vet line%3F#1.db"


async def test_both_stores_have_the_same_tables_with_the_same_columns(postgres: PostgresServer) -> None:
    """So whatever a migration adds is copied too."""
    url = postgres.fresh()
    await prepare(url)
    connection = await asyncpg.connect(url)
    there = {tuple(row) for row in await connection.fetch(COLUMNS)}
    await connection.close()
    assert there == {(table.name, column) for table in tables() for column in table.columns}


def test_a_locked_file_can_be_served_by_nobody(path: Path) -> None:
    """Neither can it be written by the copy itself; afterwards it is free again."""
    with opened(path) as source:
        assert source.count(tables()[0]) == 0
        with pytest.raises(UnavailableError, match="locked"):
            connect(path, busy_ms=20)
    connect(path, busy_ms=0).close()


async def test_a_file_in_use_is_refused(path: Path) -> None:
    """Also when whoever has it open does nothing at the moment; it is not disturbed."""
    store = SqliteStore(path)
    with pytest.raises(CopyConflictError, match=r"is in use\. Stop the service"), opened(path):
        pass
    await store.ping()
    await store.close()
    with opened(path):
        pass


def test_what_a_killed_service_left_in_its_log_is_read(path: Path, tmp_path: Path) -> None:
    """A write-ahead log that was never moved into the file is part of it."""
    connection = connect(path, busy_ms=0)
    connection.execute("INSERT INTO codes VALUES (x'00', 'a', 'b', 1, 1, 1)")
    left = tmp_path / "left.db"
    left.write_bytes(path.read_bytes())
    Path(f"{left}-wal").write_bytes(Path(f"{path}-wal").read_bytes())
    connection.close()
    with opened(left) as source:
        (codes,) = [table for table in tables() if table.name == "codes"]
        assert list(source.rows(codes)) == [(b"\0", "a", "b", 1, 1, 1)]


def test_a_backup_is_as_good(path: Path, tmp_path: Path) -> None:
    """A file made by VACUUM INTO has no write-ahead log."""
    change(path, "VACUUM INTO ?", str(tmp_path / "backup.db"))
    with opened(tmp_path / "backup.db") as source:
        assert source.count(tables()[0]) == 0


def test_no_file_is_made(tmp_path: Path) -> None:
    """A wrong path is told as such."""
    with pytest.raises(SchemaError, match=r"There is no file .*nothing\.db"), opened(tmp_path / "nothing.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_refused(tmp_path: Path) -> None:
    """Empty ones, another program's, and what is no database at all."""
    empty, foreign, text = (tmp_path / name for name in ("empty.db", "foreign.db", "text.db"))
    empty.touch()
    change(foreign, "CREATE TABLE cases (a)")
    text.write_text("customers,cases\n" * 100)
    for file, sentence in ((empty, "holds nothing of Vetline"), (foreign, "belongs to another program")):
        with pytest.raises(SchemaError, match=sentence), opened(file):
            pass
    with pytest.raises(UnavailableError, match="not a database"), opened(text):
        pass


def test_a_newer_file_is_refused(path: Path) -> None:
    """This release does not know what else is in it."""
    change(path, "PRAGMA user_version = 99")
    with pytest.raises(SchemaError, match=r"newer release \(schema 99.*Copy with that release"), opened(path):
        pass


def test_an_older_file_is_to_be_migrated_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy only reads; it says which command brings the file up to date."""
    newer = [*migrations(), "CREATE TABLE tomorrow (a INTEGER) STRICT;"]
    monkeypatch.setattr("vetline.store.copying.source.migrations", lambda: newer)
    with pytest.raises(SchemaError, match=r"older schema.*vetline migrate --database-url sqlite:///"), opened(path):
        pass
    with closing(connect(path, busy_ms=0)) as connection:
        assert migrate(connection, newer) == 1
    with opened(path) as source:
        assert source.count(tables()[-1]) == 0


def test_a_damaged_file_is_told_in_a_sentence(path: Path) -> None:
    """Text that is no UTF-8, as only a damage writes it."""
    change(path, "INSERT INTO codes VALUES (x'00', CAST(x'ff' AS TEXT), 'b', 1, 1, 1)")
    (codes,) = [table for table in tables() if table.name == "codes"]
    with pytest.raises(UnavailableError, match=r"cannot be read.*UTF-8"), opened(path) as source:
        list(source.rows(codes))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM codes").fetchone() == (1,)
