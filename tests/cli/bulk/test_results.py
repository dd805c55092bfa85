"""The results file: complete, in order, atomic, and itself an input."""

import csv
import uuid
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.bulk.files import results_in
from vetline.bulk.outcomes import Entry, Outcome
from vetline.bulk.results import tally_of
from vetline.bulk.rows import Row, read_rows
from vetline.cli.bulk.opening import open_journal
from vetline.cli.bulk.results import write_results

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
TEXT = st.text(st.characters(codec="utf-8"))
CELLS = st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT).filter(lambda cells: any(cell.strip() for cell in cells))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(CELLS, min_size=1, max_size=5), said=TEXT)
def test_any_text_survives_from_the_results_to_the_next_input(
    tmp_path: Path, table: list[tuple[str, ...]], said: str
) -> None:
    """Whatever the cells hold, whatever the service said; and no cell is a formula."""
    rows = [Row(number, number + 1, *cells) for number, cells in enumerate(table, 1)]
    (tmp_path / "j").unlink(missing_ok=True)
    journal = open_journal(tmp_path / "j", "abc", len(rows), datetime(2026, 1, 1, tzinfo=UTC), uuid.uuid4())
    journal.record(Entry(row=1, outcome=Outcome.FAILED, code=said, error=said, reason=said, status=said))
    write_results(tmp_path / "out.csv", rows, journal)
    journal.close()
    with (tmp_path / "out.csv").open("rb") as file:
        again = [row.cells for row in read_rows(file) if isinstance(row, Row)]
    assert again == [row.cells for row in rows]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert not [cell for line in csv.reader(file) for cell in line if cell.lstrip(" \n").startswith(FORMULAS)]


def test_every_row_has_its_outcome(tmp_path: Path) -> None:
    """Also those that were not sent; an earlier file and what a kill left are replaced."""
    (tmp_path / "out.csv").write_text("old")
    (tmp_path / ".out.csv.new").write_text("left by a kill")
    journal = open_journal(tmp_path / "j", "abc", 3, datetime(2026, 1, 1, tzinfo=UTC), uuid.uuid4())
    journal.record(Entry(row=2, outcome=Outcome.DENIED, status="Denied", reason="Not an Academic Domain", found=True))
    write_results(tmp_path / "out.csv", [Row(n, n, f"c{n}", "", "", "", "") for n in (1, 2, 3)], journal)
    assert [row["outcome"] for row in results_in(tmp_path / "out.csv")] == ["not_sent", "denied", "not_sent"]
    assert tally_of(journal.entries()) == {
        (Outcome.NOT_SENT, ""): 2,
        (Outcome.DENIED, "Not an Academic Domain (found done)"): 1,
    }
    journal.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["j", "out.csv"]
