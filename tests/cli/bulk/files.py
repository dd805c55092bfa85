"""Inputs and results for the tests of `vetline bulk`."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from vetline.bulk.rows import COLUMNS

HEADER = ",".join(COLUMNS)
OXFORD = "11111111-c0c0-4000-8000-000000000001"
HARVARD = "11111111-c0c0-4000-8000-000000000002"
TAILSPIN = "11111111-c0c0-4000-8000-000000000003"  # no domain of its own: a person decides
WIDE_WORLD = "11111111-c0c0-4000-8000-000000000004"  # gmail.com: denied
REDMOND = "11111111-c0c0-4000-8000-000000000005"
NOBODY = "99999999-0000-4000-8000-000000000000"

Results = list[dict[str, str]]


def education(customer: str, website: str = "") -> tuple[str, ...]:
    """Return a row that asks for Education."""
    return (customer, "Education", "HigherEducation", website, "")


def government(customer: str, code: str = "987654") -> tuple[str, ...]:
    """Return a row that asks for GCC."""
    return (customer, "GovernmentCommunityCloud", "", "", code)


def state_owned(customer: str) -> tuple[str, ...]:
    """Return a row that asks for StateOwnedEntity."""
    return (customer, "StateOwnedEntity", "", "", "")


def written(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write an input and return where it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def results_in(path: Path) -> Results:
    """Return the rows of a results file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcomes_in(path: Path) -> list[str]:
    """Return the outcomes in a results file, in order."""
    return [row["outcome"] for row in results_in(path)]
