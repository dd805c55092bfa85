"""The reviewers' queue in PostgreSQL: which statement answers a filter. Which index does, the planner finds out."""

from collections.abc import Sequence
from typing import Any

from vetline.store.postgres import rows
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.rows import Row
from vetline.store.queue import CONDITIONS, Assignment, QueueFilter, QueuePage, WaitingCase, conditions

Query = tuple[str, Sequence[Any]]


class _Values(list[Any]):
    """The values of a query; each has a number."""

    def add(self, value: Any) -> str:
        """Return how the statement calls a value."""
        self.append(value)
        return f"${len(self)}"


def page_query(wanted: QueueFilter, page: QueuePage) -> Query:
    """Return the query for a page; one that ends at a place comes backwards."""
    values = _Values()
    found = _restricted(wanted, values)
    place, sign = (page.before, "<") if page.before else (page.after, ">")
    if place:
        names = (place.submitted_at, place.customer, place.partner, place.programme.value)
        bound = ", ".join(map(values.add, names))
        found.append(f"(submitted_at, customer, partner, programme) {sign} ({bound})")
    text = SQL["waiting_page"].format(
        conditions=" AND ".join(found), way="DESC" if page.before else "ASC", size=values.add(page.size)
    )
    return text, values


def take_query(wanted: QueueFilter, assignment: Assignment) -> Query:
    """Return the query that gives the first case to a reviewer."""
    values = _Values()
    found = " AND ".join(_restricted(wanted, values))
    actor, name, since = map(values.add, (assignment.actor, assignment.name, assignment.since))
    return SQL["take_next"].format(conditions=found, actor=actor, name=name, since=since), values


def waiting_case_of(row: Row) -> WaitingCase:
    """Return the case in a row of ``waiting_page`` and ``take_next``."""
    return WaitingCase(rows.case_of(row[:13]), rows.assignment_of(row[13:]))


def _restricted(wanted: QueueFilter, values: _Values) -> list[str]:
    found = [_condition(name, value, values) for name, value in conditions(wanted)]
    return found or ["true"]


def _condition(name: str, value: Any, values: _Values) -> str:
    text = CONDITIONS[name]
    return text.format(values.add(value)) if "{}" in text else text
