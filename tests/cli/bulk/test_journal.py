"""The journal after kills at any byte, with another input, in two processes, and on a full disk."""

import resource
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetline.bulk.outcomes import Entry, Outcome
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.lines import JournalError
from vetline.cli.bulk.opening import open_journal, read_header

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUN = uuid.UUID("00000000-0000-4000-8000-000000000001")
ROWS = 5


def opened(path: Path, sha256: str = "abc", run: uuid.UUID = RUN) -> Journal:
    """Open a journal of five rows."""
    return open_journal(path, sha256, ROWS, NOW, run)


def filled(path: Path) -> bytes:
    """Write a journal and return its bytes: four rows were reserved, one is in review, one failed, one is approved."""
    journal = opened(path)
    journal.reserve(4)
    for row, outcome in ((1, Outcome.IN_REVIEW), (2, Outcome.FAILED), (3, Outcome.IN_REVIEW), (3, Outcome.APPROVED)):
        journal.record(Entry(row=row, outcome=outcome, request_id=journal.request_id(row, 1), error="\n\u2028'\""))
    journal.close()
    return path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 2_000))
def test_a_journal_that_was_torn_anywhere_is_continued(tmp_path: Path, cut: int) -> None:
    """Whole lines count, half a line does not, and the next line stands on its own."""
    path = tmp_path / "torn.journal"
    path.unlink(missing_ok=True)
    whole = filled(path)[:cut]
    path.write_bytes(whole)
    journal = opened(path)
    lines = whole.count(b"\n")
    assert journal.inherited == (4 if lines > 1 else 0)
    assert [journal.outcome(row) is not Outcome.NOT_SENT for row in (1, 2, 3)] == [lines > 2, lines > 3, lines > 4]
    journal.record(Entry(row=5, outcome=Outcome.HELD))
    journal.close()
    again = opened(path)
    assert again.outcome(5) is Outcome.HELD
    assert again.entry(1).request_id == (again.request_id(1, 1) if lines > 2 else "")
    again.close()


def test_ids_follow_from_the_run_the_row_and_the_attempt(tmp_path: Path) -> None:
    """A refusal is tried again under a new id; where nobody knows what happened, under the same."""
    path = tmp_path / "j"
    filled(path)
    journal = opened(path, run=uuid.uuid4())
    assert journal.header.run == RUN
    assert journal.attempt(2) == 2
    journal.record(Entry(row=2, outcome=Outcome.FAILED, attempt=2, lost=True))
    assert journal.attempt(2) == 2
    assert len({journal.request_id(row, attempt) for row in range(1, 6) for attempt in (1, 2)}) == 10
    journal.close()


def test_a_journal_without_a_sent_row_is_no_run(tmp_path: Path) -> None:
    """It is begun anew, also for another input."""
    path = tmp_path / "j"
    opened(path).close()
    assert read_header(path) is None
    journal = opened(path, "other")
    assert journal.header.sha256 == "other"
    journal.close()


@pytest.mark.parametrize("text", ["customer_id\n", "no journal", '{"vetline_bulk":', '{"other":1}\n', "\0" * 100_000])
def test_a_file_of_somebody_elses_is_never_overwritten(tmp_path: Path, text: str) -> None:
    """Only the beginning of a header counts as a torn journal."""
    path = tmp_path / "j"
    path.write_text(text)
    if text == '{"vetline_bulk":':
        assert read_header(path) is None
        return
    with pytest.raises(JournalError, match="is no journal"):
        opened(path)
    assert path.read_text() == text


def test_another_input_is_refused(tmp_path: Path) -> None:
    """The row numbers would mean other customers."""
    filled(tmp_path / "j")
    with pytest.raises(JournalError, match="another input"):
        opened(tmp_path / "j", "other")


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    """Two would send each row twice."""
    journal = opened(tmp_path / "j")
    with pytest.raises(JournalError, match="Another process"):
        opened(tmp_path / "j")
    journal.close()


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"row":6,"outcome":1}\n', b'{"row":1,"outcome":77}\n'])
def test_damage_in_the_middle_is_told(tmp_path: Path, line: bytes) -> None:
    """It is nothing that a kill does."""
    path = tmp_path / "j"
    whole = filled(path)
    path.write_bytes(whole + line)
    with pytest.raises(JournalError, match=r"line 7, is damaged"):
        opened(path)


_FULL = """
import sys, uuid
from pathlib import Path
from tests.cli.bulk.test_journal import ROWS, opened
from vetline.cli.bulk.lines import JournalError
from vetline.bulk.outcomes import Entry, Outcome
journal = opened(Path(sys.argv[1]))
journal.reserve(5)
for number in range(1000):
    try:
        journal.record(Entry(row=number % 5 + 1, outcome=Outcome.HELD, error="x" * 100))
    except JournalError as error:
        print(error)
"""


def test_on_a_full_disk_nothing_follows_half_a_line(tmp_path: Path) -> None:
    """Every later line is refused, so that the journal can be continued."""
    import signal

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    path = tmp_path / "j"
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)], capture_output=True, text=True, check=True, preexec_fn=limited
    )
    assert "make room, then resume" in done.stdout
    assert path.stat().st_size == 5_000
    journal = opened(path)
    assert journal.outcome(1) is Outcome.HELD
    journal.close()
