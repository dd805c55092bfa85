"""kill -9 of a copy at random moments, started again each time: it ends with every row, each once."""

import asyncio
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.store.copying.moving import assert_moved, installation
from tests.support.postgres import PostgresServer

KILLS = 12
TIMES = 200
TABLES = ("customers", "cases", "events", "answers")


def many(path: Path) -> int:
    """Multiply what is in an installation, and return how many rows it has then."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in TABLES:
            _multiply(connection, table)
        return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


def _multiply(connection: sqlite3.Connection, table: str) -> None:
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    marks = ", ".join("?" * len(rows[0]))
    for number in range(1, TIMES):
        prefix = (1_000 + number).to_bytes(4, "big")
        connection.executemany(
            f"INSERT INTO {table} VALUES ({marks})", ((row[0], prefix + row[1][4:], *row[2:]) for row in rows)
        )


def test_killed_at_random_moments(tmp_path: Path, postgres: PostgresServer) -> None:
    """Of which some lie before its first row, most in the middle of a batch, and some while it compares."""
    path, url = asyncio.run(installation(tmp_path / "vetline.db")), postgres.fresh()
    total = many(path)
    seed = int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000))
    chance, held = random.Random(seed), [0]
    for _ in range(KILLS):
        wanted = held[-1] + chance.randrange(2 * total // KILLS)
        held.append(_killed(path, url, postgres, wanted, chance.uniform(0, 0.1)))
    print(f"\nseed {seed}: {total} rows, rows after each of {KILLS} kills: {held[1:]}")  # noqa: T201
    assert held == sorted(held), "a copy that goes on loses nothing"
    assert len(set(held)) > KILLS / 3, "too few of the kills hit the copy in the middle"
    done = subprocess.run(_command(path, url), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    asyncio.run(assert_moved(path, url))


def _command(path: Path, url: str) -> list[str]:
    return [sys.executable, "-m", "vetline", "copy", "--from", f"sqlite:///{path}", "--to", url]


def _killed(path: Path, url: str, postgres: PostgresServer, wanted: int, later: float) -> int:
    """Start a copy, kill it a moment after there are so many rows, and return how many there are then."""
    with subprocess.Popen(_command(path, url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and _rows(url, postgres) < wanted:
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(later)
        process.kill()
    return _rows(url, postgres)


def _rows(url: str, postgres: PostgresServer) -> int:
    schema = url.partition("search_path=")[2]
    if not postgres.sql(f"SELECT to_regclass('{schema}.answers')"):
        return 0
    counts = " + ".join(f"(SELECT count(*) FROM {schema}.{table})" for table in TABLES)
    return int(postgres.sql(f"SELECT {counts}"))


def test_a_database_that_goes_away_in_the_middle(tmp_path: Path) -> None:
    """It is told with the exit code for trying again; and that ends with every row."""
    path = asyncio.run(installation(tmp_path / "vetline.db"))
    total = many(path)
    with PostgresServer() as postgres:
        url = postgres.fresh()
        with subprocess.Popen(_command(path, url), stderr=subprocess.PIPE, text=True) as process:
            while _rows(url, postgres) < total / 4:
                assert process.poll() is None
            postgres.kill()
            _, said = process.communicate(timeout=60)
        assert (process.returncode, "run the same command again" in said) == (6, True), said
        assert len(said.splitlines()) == 1, said
        postgres.start()
        subprocess.run(_command(path, url), check=True, capture_output=True)
        asyncio.run(assert_moved(path, url))
