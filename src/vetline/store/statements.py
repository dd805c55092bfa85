"""Reads the named statements of an .sql file, so that SQL stays SQL."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"


def statements(name: str) -> dict[str, str]:
    """Return the statements of ``sql/NAME.sql`` by the names that its ``-- name:`` lines give them."""
    text = (_FOLDER / f"{name}.sql").read_text("utf-8")
    blocks = [block.partition("\n") for block in text.split("-- name: ")[1:]]
    return {name.strip(): _without_comments(body) for name, _, body in blocks}


def _without_comments(body: str) -> str:
    return "\n".join(line for line in body.splitlines() if not line.startswith("--")).strip().rstrip(";")
