"""What a run does, against a real sandbox."""

import contextlib
import csv
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.bulk.files import (
    HARVARD,
    NOBODY,
    OXFORD,
    REDMOND,
    TAILSPIN,
    WIDE_WORLD,
    education,
    government,
    state_owned,
    written,
)
from tests.cli.bulk.running import Bulk
from tests.cli.running import VETLINE, Home
from tests.support.partner import submissions
from tests.support.processes import Sandbox
from vetline.bulk.rows import COLUMNS

MIXED = [
    education(OXFORD, "https://www.ox.ac.uk/"),
    education(WIDE_WORLD),
    education(TAILSPIN, "=HYPERLINK(1)"),
    government(REDMOND),
    state_owned(HARVARD),
    education(NOBODY),
]


@pytest.fixture
def bulk(partner: Home) -> Bulk:
    """A run of rows with every outcome."""
    return Bulk(partner, written(partner.folder / "in.csv", MIXED))


def test_every_outcome(bulk: Bulk, sandbox: Sandbox) -> None:
    """In the input's order, with reasons, errors and the ids under which they were sent; failures stop nothing."""
    done = bulk.run()
    assert done.returncode == 1
    assert bulk.outcomes == ["in_review", "in_review", "in_review", "approved", "held", "failed"]
    failed = bulk.rows[5]
    assert (failed["error_code"], failed["error"]) == ("60003", "Tenant not found")
    assert len({row["request_id"] for row in bulk.rows}) == len(MIXED)
    assert bulk.rows[2]["website"] == "'=HYPERLINK(1)"
    assert "60003 CustomerNotFound" in done.stdout
    assert "--resume" in done.stderr


def test_waiting_ends_with_the_decisions(bulk: Bulk, sandbox: Sandbox) -> None:
    """A denial is an outcome. A person's decision is waited for until --wait-timeout; then that can be resumed."""
    done = bulk.run("--wait", "--wait-timeout", "3")
    assert bulk.outcomes == ["approved", "denied", "in_review", "approved", "held", "failed"]
    assert bulk.rows[1]["vetting_reason"] == "Not an Academic Domain"
    assert done.returncode == 1
    assert "--wait --wait-timeout 3" in done.stderr
    decision = {"customerId": TAILSPIN, "qualification": "Education", "vettingStatus": "Approved"}
    sandbox.http.post("/sandbox/decisions", json=decision).raise_for_status()
    bulk.run("--wait", "--resume")
    assert bulk.outcomes[2] == "approved"


def test_a_wait_that_takes_too_long_has_its_own_exit_code(partner: Home) -> None:
    """So that a script can tell it from a failure."""
    bulk = Bulk(partner, written(partner.folder / "in.csv", [education(TAILSPIN)]))
    assert bulk.run("--wait", "--wait-timeout", "0").returncode == 7
    assert bulk.outcomes == ["in_review"]


def test_a_finished_run_is_not_done_again(partner: Home, sandbox: Sandbox) -> None:
    """Resuming it prints the summary, also when nobody is signed in, and touches nothing."""
    bulk = Bulk(partner, written(partner.folder / "in.csv", MIXED[:5]))
    assert bulk.run().returncode == 0
    before = bulk.results.read_bytes(), bulk.results.stat().st_mtime_ns, bulk.journal.read_bytes()
    bulk.home.environment["VETLINE_BASE_URL"] = "http://127.0.0.1:9"
    done = bulk.run("--resume")
    assert done.returncode == 0
    assert "in_review" in done.stdout
    assert (bulk.results.read_bytes(), bulk.results.stat().st_mtime_ns, bulk.journal.read_bytes()) == before
    assert submissions(sandbox, OXFORD) == 1


def test_results_of_an_earlier_run_are_not_taken_for_these(partner: Home) -> None:
    """A kill between the last outcome and the results leaves those of the run before; resuming writes them anew."""
    bulk = Bulk(partner, written(partner.folder / "in.csv", MIXED[:5]))
    bulk.run()
    stale = bulk.results.read_text("utf-8").replace("in_review,InReview", "not_sent,")
    bulk.results.write_text(stale, "utf-8")
    lines = bulk.journal.read_bytes().splitlines(keepends=True)
    bulk.journal.write_bytes(b"".join(lines[:-1]))
    assert b"written" in lines[-1]
    assert bulk.run("--resume").returncode == 0
    assert "not_sent" not in bulk.outcomes


def test_refused_rows_are_tried_again_when_resuming(partner: Home, sandbox: Sandbox) -> None:
    """Under a new id: the service remembers a refusal. Nothing else is sent."""
    bulk = Bulk(partner, written(partner.folder / "in.csv", [education(OXFORD), government(REDMOND, "NotYet")]))
    assert bulk.run().returncode == 1
    refused = bulk.rows[1]
    assert "ValidationCodeNotFound" in bulk.journal.read_text("utf-8")
    code = {"validationId": "NotYet", "organizationName": "Contoso", "maxCreates": 1, "remainingCreates": 1}
    path = f"/vetline/v1/admin/partners/{sandbox.info['partners'][0]['tenantId']}/validations"
    sandbox.call("PUT", path, "administrator", json=code).raise_for_status()
    assert bulk.run("--resume").returncode == 0
    assert bulk.rows[1]["outcome"] == "approved"
    assert bulk.rows[1]["request_id"] != refused["request_id"]
    assert submissions(sandbox, OXFORD) == 1


def test_results_are_an_input(bulk: Bulk) -> None:
    """The same rows in another run: what is in review or held already is refused, row by row."""
    bulk.run()
    again = Bulk(bulk.home, bulk.results.rename(bulk.home.folder / "again.csv"))
    bulk.journal.unlink()
    assert again.run("--dry-run").returncode == 0
    assert again.run().returncode == 1
    conflicts = {number for number, row in enumerate(again.rows) if row["error_code"] == "900141"}
    assert conflicts >= {2, 3, 4}
    read = [[row[column] for column in COLUMNS] for row in again.rows]
    assert read == [[*cells[:3], cells[3].replace("=HYPERLINK", "'=HYPERLINK"), cells[4]] for cells in MIXED]


def test_a_dry_run_sends_nothing(bulk: Bulk, sandbox: Sandbox) -> None:
    """It needs no login, and leaves no file."""
    bulk.home.environment["VETLINE_BASE_URL"] = "http://127.0.0.1:9"
    done = bulk.run("--dry-run")
    assert done.returncode == 0
    assert "6 rows can be sent" in done.stderr
    assert not bulk.results.exists()
    assert not bulk.journal.exists()
    assert submissions(sandbox, OXFORD) == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_one_wrong_row_stops_all_before_the_first(bulk: Bulk, sandbox: Sandbox, options: tuple[str, ...]) -> None:
    """With the lines that are wrong, twenty at most, and how many there are."""
    written(bulk.file, [*MIXED, *(education(f"x\x1b[31m{number}") for number in range(30))])
    done = bulk.run(*options)
    assert done.returncode == 2
    assert "in.csv, line 8: customer_id 'x?[31m0' is no GUID" in done.stderr
    assert "and 10 more" in done.stderr
    assert "30 problems: nothing was sent" in done.stderr
    assert submissions(sandbox, OXFORD) == 0


def test_nothing_is_overwritten(bulk: Bulk) -> None:
    """An earlier run is continued or left alone, and a file without a journal is somebody's."""
    bulk.results.write_text("mine")
    for options in ((), ("--resume",)):
        done = bulk.run(*options)
        assert done.returncode == 2
        assert "is there already" in done.stderr
    assert bulk.results.read_text() == "mine"
    bulk.results.unlink()
    bulk.run()
    before = bulk.results.read_bytes()
    done = bulk.run()
    assert done.returncode == 2
    assert "--resume" in done.stderr
    assert bulk.results.read_bytes() == before


def test_resuming_with_another_input_is_refused(bulk: Bulk) -> None:
    """Row numbers would mean other customers."""
    bulk.run()
    written(bulk.file, MIXED[:3])
    done = bulk.run("--resume")
    assert done.returncode == 2
    assert "another input" in done.stderr


def test_too_many_failures_stop_the_run(partner: Home, sandbox: Sandbox) -> None:
    """What was not sent says so, and is sent when the run is resumed."""
    rows = [education(f"99999999-0000-4000-8000-{number:012d}") for number in range(200)]
    bulk = Bulk(partner, written(partner.folder / "in.csv", [*rows, education(OXFORD)]), ("--concurrency", "2"))
    done = bulk.run("--max-failures", "5")
    assert done.returncode == 3
    assert 5 <= bulk.outcomes.count("failed") <= 6
    assert bulk.outcomes.count("not_sent") == 201 - bulk.outcomes.count("failed")
    assert "--resume --concurrency 2 --max-failures 5" in done.stderr
    assert bulk.run("--resume").returncode == 1
    assert bulk.outcomes == ["failed"] * 200 + ["in_review"]


@pytest.mark.parametrize("kind", ["app", "user-without-mfa", "nobody"])
def test_a_login_that_is_not_accepted_stops_the_run_at_once(tmp_path: Path, sandbox: Sandbox, kind: str) -> None:
    """It would fail every row; nothing is recorded as failed, and no token is written anywhere."""
    token = "nonsense" if kind == "nobody" else sandbox.token(kind)
    home = Home(tmp_path, VETLINE_BASE_URL=sandbox.base, VETLINE_ACCESS_TOKEN=token)
    bulk = Bulk(home, written(tmp_path / "in.csv", MIXED))
    done = bulk.run()
    assert done.returncode == 3
    assert bulk.outcomes == ["not_sent"] * len(MIXED)
    assert token not in done.stderr + done.stdout + bulk.journal.read_text() + bulk.results.read_text()
    bulk.home.environment["VETLINE_ACCESS_TOKEN"] = sandbox.token()
    assert bulk.run("--resume").returncode == 1
    assert bulk.outcomes.count("failed") == 1


def test_nobody_is_signed_in(home: Home) -> None:
    """It says so, and the next try needs no --resume."""
    bulk = Bulk(home, written(home.folder / "in.csv", MIXED))
    for _ in range(2):
        done = bulk.run()
        assert done.returncode == 3
        assert "Nobody is signed in" in done.stderr


def test_no_sandbox_runs(home: Home) -> None:
    """The login itself cannot be had: no row failed by that."""
    home.environment |= {"VETLINE_PROFILE": "sandbox", "VETLINE_BASE_URL": "http://127.0.0.1:9"}
    bulk = Bulk(home, written(home.folder / "in.csv", MIXED))
    done = bulk.run()
    assert done.returncode == 3
    assert "No sandbox answers" in done.stderr
    assert bulk.outcomes == ["not_sent"] * len(MIXED)


def test_results_that_cannot_be_written(bulk: Bulk, sandbox: Sandbox) -> None:
    """The submissions are done and known; the results are written when there is room again."""
    obstacle = bulk.home.folder / ".out.csv.new"
    obstacle.mkdir()
    done = bulk.run()
    assert done.returncode == 3
    assert "results cannot be written" in done.stderr
    assert "--resume" in done.stderr
    obstacle.rmdir()
    bulk.run("--resume")
    assert bulk.outcomes == ["in_review", "in_review", "in_review", "approved", "held", "failed"]
    assert submissions(sandbox, OXFORD) == 1


def test_progress_is_shown_at_a_terminal(bulk: Bulk) -> None:
    """With how many rows are done; and only there."""
    ours, theirs = os.openpty()
    command = [*VETLINE, *bulk.arguments()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=bulk.home.environment) as process:
        process.communicate(timeout=30)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while more := os.read(ours, 65536):
            shown += more
    os.close(ours)
    assert "Submitting" in shown.decode()
    assert "6/6" in shown.decode()


@pytest.mark.parametrize(
    ("argument", "words"),
    [("missing.csv", "There is no file"), (".", "no regular file"), ("/dev/null", "no regular file")],
)
def test_what_is_no_file_is_refused(home: Home, argument: str, words: str) -> None:
    """A pipe cannot be read twice."""
    done = home.run("bulk", "submit", argument, "--results", str(home.folder / "out.csv"))
    assert done.returncode == 2
    assert words in done.stderr


def test_output_to_no_terminal_is_plain(bulk: Bulk) -> None:
    """No bar, no escape sequences."""
    done = bulk.run()
    assert "\x1b" not in done.stdout + done.stderr
    assert "Submitting" not in done.stderr
    with bulk.results.open(encoding="utf-8") as file:
        assert len(next(csv.reader(file))) == 11
