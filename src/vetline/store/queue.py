"""The reviewers' queue as values: who has a case, which cases are wanted, and where a page of them ends. Pure.

What is about to take effect waits for nobody, so it is not in the queue.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from vetline.vetting.case import Case
from vetline.vetting.words import Programme


class CaseKey(msgspec.Struct, frozen=True):
    """Which case."""

    partner: str
    customer: str
    programme: Programme


class Assignment(msgspec.Struct, frozen=True):
    """Who has taken a case.

    Parameters:
        actor: as the audit log names them.
        name: as people know them.
        since: since when, UTC.
    """

    actor: str
    name: str
    since: datetime


class WaitingCase(msgspec.Struct, frozen=True):
    """A case that waits for a person, and who has taken it."""

    case: Case
    assignment: Assignment | None


class QueueFilter(msgspec.Struct, frozen=True):
    """Which waiting cases are wanted: those that fit everything that is given.

    Parameters:
        programme: what is asked for.
        country: of the applicant's address.
        rule: which rule left it to a person.
        domain: the registrable domain that was judged.
        partner: whose customer it is.
        assignee: who has taken it, as the audit log names them.
        unassigned: nobody has taken it.
        submitted_before: it was submitted before that moment.
        proposed: `True`: it waits for a second person; `False`: it waits for the first.
        proposed_by_others: it waits for a second person, who may be this one.
    """

    programme: Programme | None = None
    country: str = ""
    rule: str = ""
    domain: str = ""
    partner: str = ""
    assignee: str = ""
    unassigned: bool = False
    submitted_before: datetime | None = None
    proposed: bool | None = None
    proposed_by_others: str = ""


class Place(msgspec.Struct, frozen=True):
    """Where a case stands in the queue: the longest waiting come first."""

    submitted_at: datetime
    customer: str
    partner: str
    programme: Programme


class QueuePage(msgspec.Struct, frozen=True):
    """Which part of the queue is wanted.

    Parameters:
        size: how many at most.
        after: the last case of the page before.
        before: the first case of the page after; the page then ends there.
    """

    size: int
    after: Place | None = None
    before: Place | None = None


class QueueCounts(msgspec.Struct, frozen=True):
    """How many cases wait for a person.

    Parameters:
        total, overdue: of all.
        programmes, countries, rules: by what a filter can choose, the most first; what is not known is empty.
    """

    total: int
    overdue: int
    programmes: tuple[tuple[str, int], ...]
    countries: tuple[tuple[str, int], ...]
    rules: tuple[tuple[str, int], ...]


# The same in every store; the braces take a parameter.
CONDITIONS: Final = {
    "programme": "programme = {}",
    "country": "country = {}",
    "rule": "rule = {}",
    "domain": "domain = {}",
    "partner": "partner = {}",
    "assignee": "assignee = {}",
    "unassigned": "assignee IS NULL",
    "submitted_before": "submitted_at < {}",
    "proposed": "proposer IS NOT NULL",
    "unproposed": "proposer IS NULL",
    "proposed_by_others": "proposer <> {}",
}


def conditions(wanted: QueueFilter) -> Iterator[tuple[str, Any]]:
    """Yield the names of the conditions that a filter makes, each with its value."""
    for name in ("programme", "country", "rule", "domain", "partner", "assignee", "submitted_before"):
        if value := getattr(wanted, name):
            yield name, value
    if wanted.unassigned:
        yield "unassigned", None
    if wanted.proposed is not None:
        yield ("proposed" if wanted.proposed else "unproposed"), None
    if wanted.proposed_by_others:
        yield "proposed_by_others", wanted.proposed_by_others


def place_of(case: Case) -> Place:
    """Return where a case stands in the queue."""
    if case.submitted_at is None:
        raise ValueError("a case that was never submitted does not wait")
    return Place(case.submitted_at, case.customer, case.partner, case.programme)


def counted(rows: Iterable[Sequence[Any]]) -> QueueCounts:
    """Return the counts in the rows of ``waiting_counts``: programme, country, rule, how many, how many overdue."""
    total = overdue = 0
    by: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    for *values, number, late in rows:
        total, overdue = total + number, overdue + late
        for counter, value in zip(by, values, strict=True):
            counter[value or ""] += number
    programmes, countries, rules = map(_most_first, by)
    return QueueCounts(total, overdue, programmes, countries, rules)


def _most_first(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda one: (-one[1], one[0])))
