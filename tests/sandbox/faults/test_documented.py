"""docs/sandbox-faults.md tells of every kind, every member and every form."""

from pathlib import Path

from vetline.sandbox.faults.kinds import DETAILS, Form, Kind

TEXT = (Path(__file__).parents[3] / "docs" / "sandbox-faults.md").read_text("utf-8")


def test_everything_is_told() -> None:
    """Each by its name."""
    words = {*Kind, *Form, *(name for names in DETAILS.values() for name in names)}
    assert {str(word) for word in words if f"`{word}`" not in TEXT} == set()
