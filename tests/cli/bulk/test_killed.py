"""kill -9 at random moments, resumed each time: each row is submitted exactly once, and nothing is missing."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.seeding import customer_id, seed_customers

from tests.cli.bulk.files import Results, education, written
from tests.cli.bulk.running import Bulk
from tests.cli.running import Home
from tests.support.processes import Sandbox

ROWS = int(os.environ.get("VETLINE_BULK_ROWS", "10000"))
KILLS = 20
LINE_BYTES = 95
REASON = "Not an Education Customer"
MAX_MEBIBYTES = 100


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A sandbox's folder with many customers, each of whom needs a person to decide."""
    seed_customers(tmp_path / "data", ROWS)
    return tmp_path / "data"


@pytest.fixture
def many(tmp_path: Path, data: Path) -> Iterator[tuple[Sandbox, Bulk]]:
    """A sandbox with many customers, and a run for all of them."""
    rows = [education(customer_id(number)) for number in range(ROWS)]
    with Sandbox("--data", str(data), "--vetting", "by-hand", "--log-level", "error") as sandbox:
        home = Home(tmp_path, VETLINE_BASE_URL=sandbox.base, VETLINE_ACCESS_TOKEN=sandbox.token())
        yield sandbox, Bulk(home, written(tmp_path / "in.csv", rows))


def submissions_in(data: Path) -> Counter[bytes]:
    """Return how often each customer was submitted, from the audit log itself."""
    connection = sqlite3.connect(data / "vetline.db")
    query = "SELECT customer, count(*) FROM events WHERE json_extract(detail, '$.step') = 'submit' GROUP BY customer"
    found = Counter(dict(connection.execute(query).fetchall()))
    connection.close()
    return found


def is_complete(rows: Results) -> bool:
    """Whether every row is there once, in order, in review."""
    customers = [row["customer_id"] for row in rows]
    return customers == [customer_id(number) for number in range(ROWS)] and {row["outcome"] for row in rows} == {
        "in_review"
    }


def test_killed_twenty_times(many: tuple[Sandbox, Bulk], data: Path) -> None:
    """At moments of which some lie before the first request, and some while the results are written."""
    _, bulk = many
    seed = int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    killed = sum(_killed(bulk, chance, number) for number in range(KILLS))
    assert bulk.measured("--resume") == 0, bulk.errors()
    print(f"\nseed {seed}: {ROWS} rows, {killed} kills, peak {bulk.peak_mebibytes:.0f} MiB")  # noqa: T201
    assert "Traceback" not in bulk.errors()
    assert is_complete(bulk.rows)
    assert submissions_in(data) == Counter({_key(number): 1 for number in range(ROWS)})
    assert killed >= KILLS / 2
    assert bulk.peak_mebibytes < MAX_MEBIBYTES


def _key(number: int) -> bytes:
    return bytes.fromhex(customer_id(number).replace("-", ""))


def _killed(bulk: Bulk, chance: random.Random, number: int) -> bool:
    """Start or resume the run, kill it when the journal has grown by a random part, and return whether it came to that.

    Every fourth kill does not look at the journal but comes after a random time, so that it may hit any moment.
    """
    process = bulk.launch("--resume")
    if number % 4 == 3:
        time.sleep(chance.uniform(0.0, 1.0))
    else:
        _grown(bulk, chance.randrange(2 * ROWS // KILLS), process)
    process.kill()
    return process.wait(10) == -signal.SIGKILL


def _grown(bulk: Bulk, lines: int, process: "subprocess.Popen[bytes]") -> None:
    enough = _size(bulk) + LINE_BYTES * lines
    while _size(bulk) < enough and process.poll() is None:
        time.sleep(0.001)


def _size(bulk: Bulk) -> int:
    return bulk.journal.stat().st_size if bulk.journal.exists() else 0


def test_ten_thousand_rows_in_one_run(many: tuple[Sandbox, Bulk], data: Path) -> None:
    """Nothing interrupts it: complete, exactly once, in little memory."""
    _, bulk = many
    assert bulk.measured() == 0, bulk.errors()
    print(f"\n{ROWS} rows: peak {bulk.peak_mebibytes:.0f} MiB")  # noqa: T201
    assert is_complete(bulk.rows)
    assert submissions_in(data) == Counter({_key(number): 1 for number in range(ROWS)})
    assert bulk.peak_mebibytes < MAX_MEBIBYTES


def test_the_service_has_forgotten_the_ids(many: tuple[Sandbox, Bulk], data: Path) -> None:
    """Days later the request ids mean nothing to the service: rows are looked at before they are sent again.

    Some were denied in the meantime; the service would take another submission for them.
    """
    sandbox, bulk = many
    bulk.file.write_text("".join(bulk.file.read_text("utf-8").splitlines(keepends=True)[:101]), "utf-8")
    assert bulk.run().returncode == 0
    _lose_outcomes(bulk)
    for number, status in (
        (3, {"vettingStatus": "Denied", "vettingReason": REASON}),
        (4, {"vettingStatus": "Approved"}),
    ):
        decision = {"customerId": customer_id(number), "qualification": "Education", **status}
        sandbox.http.post("/sandbox/decisions", json=decision).raise_for_status()
    _forget_answers(data)
    done = bulk.run("--resume")
    assert done.returncode == 0, done.stderr
    assert Counter(bulk.outcomes) == {"in_review": 98, "denied": 1, "approved": 1}
    assert "found done" in done.stdout
    assert set(submissions_in(data).values()) == {1}


def _lose_outcomes(bulk: Bulk) -> None:
    """Take from the journal what a machine that lost its power would have lost: every outcome, no reservation."""
    lines = bulk.journal.read_bytes().splitlines(keepends=True)
    bulk.journal.write_bytes(b"".join(line for line in lines if b'"outcome"' not in line))
    bulk.results.unlink()


def _forget_answers(data: Path) -> None:
    connection = sqlite3.connect(data / "vetline.db", timeout=10)
    connection.execute("DELETE FROM answers")
    connection.commit()
    connection.close()
