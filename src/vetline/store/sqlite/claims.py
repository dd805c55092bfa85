"""Due cases are claimed from each partner in turn, so that a partner with many delays no other one.

A claim looks at no more partners than it takes cases: those after the one at which the last claim ended, in the order
of their keys and then from the first one again. Each gets the same share; what they leave goes to the oldest cases of
all, so that a claim comes short only when nothing is due any more.
"""

import json
import sqlite3
from uuid import uuid4

from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row


class Claims:
    """Claims cases, and knows whose turn it is. The first turn is anybody's: a restart is nobody's advantage."""

    def __init__(self) -> None:
        self._last = uuid4().bytes

    def take(self, connection: sqlite3.Connection, now: int, lease_until: int, limit: int) -> list[Row]:
        """Return at most so many cases that were due and are now claimed."""
        due = self._due(connection, now, limit)
        return connection.execute(SQL["claim"], (lease_until, json.dumps(due))).fetchall() if due else []

    def _due(self, connection: sqlite3.Connection, now: int, limit: int) -> list[int]:
        """Return where these cases stand."""
        partners = connection.execute(SQL["partners_in_turn"], {"after": self._last, "limit": limit}).fetchall()
        if not partners:
            return []
        self._last = partners[-1][0]
        bounds = {"now": now, "limit": limit // len(partners)}
        due = [
            row
            for (partner,) in partners
            for (row,) in connection.execute(SQL["due_of_partner"], bounds | {"partner": partner})
        ]
        if len(due) < limit:
            due += [row for (row,) in connection.execute(SQL["due"], bounds | {"limit": limit})]
        return list(dict.fromkeys(due))[:limit]
