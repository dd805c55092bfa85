"""The reviewers' queue in SQLite: which statement and which index answer a filter."""

from datetime import datetime
from typing import Any, Final

from vetline.store.queue import CONDITIONS, Assignment, Place, QueueFilter, QueuePage, WaitingCase, conditions
from vetline.store.sqlite import rows
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row

Query = tuple[str, dict[str, Any]]

# Of one condition its own index; of several the first one here, which finds the fewest.
_FEWEST_FIRST: Final = {
    "assignee": "cases_assigned",
    "domain": "cases_waiting_by_domain",
    "proposed": "cases_proposed",
    "partner": "cases_waiting_by_partner",
    "country": "cases_waiting_by_country",
    "rule": "cases_waiting_by_rule",
    "programme": "cases_waiting_by_programme",
}
_ALL = "cases_waiting"
INDEXES: Final = frozenset({_ALL, *_FEWEST_FIRST.values()})
_BEYOND: Final = "(submitted_at, customer, partner, programme) {} (:at, :customer, :of_partner, :of_programme)"


def page_query(wanted: QueueFilter, page: QueuePage) -> Query:
    """Return the query for a page; one that ends at a place comes backwards."""
    found, index, values = _restricted(wanted)
    place, sign = (page.before, "<") if page.before else (page.after, ">")
    if place:
        found.append(_BEYOND.format(sign))
        values |= _place_values(place)
    text = SQL["waiting_page"].format(index=index, conditions=" AND ".join(found), way="DESC" if page.before else "ASC")
    return text, values | {"size": page.size}


def take_query(wanted: QueueFilter, assignment: Assignment) -> Query:
    """Return the query that gives the first case to a reviewer."""
    found, index, values = _restricted(wanted)
    given = {"actor": assignment.actor, "name": assignment.name, "since": rows.micros(assignment.since)}
    return SQL["take_next"].format(index=index, conditions=" AND ".join(found)), values | given


def waiting_case_of(row: Row) -> WaitingCase:
    """Return the case in a row of ``waiting_page`` and ``take_next``."""
    return WaitingCase(rows.case_of(row), rows.assignment_of(row[13:]))


def _restricted(wanted: QueueFilter) -> tuple[list[str], str, dict[str, Any]]:
    """Return the conditions of a filter, the index to look in, and the values."""
    given = dict(conditions(wanted))
    index = next((index for name, index in _FEWEST_FIRST.items() if name in given), _ALL)
    found = [CONDITIONS[name].format(f":{name}") for name in given]
    return found or ["true"], index, {name: _kept(name, value) for name, value in given.items()}


def _kept(name: str, value: Any) -> Any:
    if name == "partner":
        return rows.blob(value)
    return rows.micros(value) if isinstance(value, datetime) else value


def _place_values(place: Place) -> dict[str, Any]:
    return {
        "at": rows.micros(place.submitted_at),
        "customer": rows.blob(place.customer),
        "of_partner": rows.blob(place.partner),
        "of_programme": place.programme.value,
    }
