"""A database that cannot be measured costs the others nothing."""

from pathlib import Path

from bench.growth import Database, report_growth


def test_a_database_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    """It stands in the table with the reason, without its password."""
    other = Database("Other", "nonsense://somebody:secret@host/name")
    found = report_growth(tmp_path, [other], (10,))
    assert "nonsense" in str(found["Other"])
    assert "secret" not in str(found)


def test_sizes_are_of_the_file_and_its_log(tmp_path: Path) -> None:
    """What is in the log is on the disk too."""
    (tmp_path / "vetline.db").write_bytes(bytes(2**20))
    (tmp_path / "vetline.db-wal").write_bytes(bytes(2**20))
    (tmp_path / "another").write_bytes(bytes(2**20))
    assert Database("SQLite", f"sqlite:///{tmp_path / 'vetline.db'}").mebibytes() == 2.0
