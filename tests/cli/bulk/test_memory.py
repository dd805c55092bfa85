"""Memory does not grow with the file: a hundred thousand rows in less than 100 MiB."""

import uuid
from pathlib import Path

from bench.seeding import customer_id

from tests.cli.bulk.files import education, outcomes_in, written
from tests.cli.bulk.running import Bulk
from tests.cli.running import Home
from vetline.bulk.checking import check
from vetline.bulk.outcomes import Entry, Outcome
from vetline.cli.bulk.opening import open_journal
from vetline.clock import SystemClock

ROWS = 100_000
MAX_MEBIBYTES = 100


def test_a_hundred_thousand_rows(home: Home) -> None:
    """Checked; and, all of them done but for their results, summed up and written."""
    rows = (education(customer_id(number), "https://www.example.edu/") for number in range(ROWS))
    bulk = Bulk(home, written(home.folder / "in.csv", rows))
    assert bulk.measured("--dry-run") == 0, bulk.errors()
    _all_done(bulk.file, bulk.journal)
    assert bulk.measured("--resume") == 0, bulk.errors()
    print(f"\n{ROWS} rows: peak {bulk.peak_mebibytes:.0f} MiB")  # noqa: T201
    assert outcomes_in(bulk.results) == ["approved"] * ROWS
    assert bulk.peak_mebibytes < MAX_MEBIBYTES


def _all_done(file: Path, path: Path) -> None:
    checked = check(file)
    journal = open_journal(path, checked.sha256, checked.rows, SystemClock().now(), uuid.uuid4())
    journal.reserve(ROWS)
    for row in range(1, ROWS + 1):
        journal.record(Entry(row=row, outcome=Outcome.APPROVED, request_id=journal.request_id(row, 1)))
    journal.close()
