"""What is due is claimed from each partner in turn, so that a partner with much of it delays no other one.

A claim looks at no more partners than it takes rows: those after the one at which the last claim ended, in the order
of their keys and then from the first one again. Each gets the same share; what they leave goes to the oldest of
all, so that a claim comes short only when nothing is due any more.
"""

import json
import sqlite3
from typing import Any
from uuid import uuid4

from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row


class Claims:
    """Claims rows, and knows whose turn it is. The first turn is anybody's: a restart is nobody's advantage.

    Parameters:
        queue: what the names of the queue's statements begin with; empty for the cases.
    """

    def __init__(self, queue: str = "") -> None:
        self._queue = queue
        self._last = uuid4().bytes

    def take(self, connection: sqlite3.Connection, now: int, lease_until: int, limit: int) -> list[Row]:
        """Return at most so many rows that were due and are now claimed."""
        due = self._due(connection, now, limit)
        return self._execute(connection, "claim", (lease_until, json.dumps(due))).fetchall() if due else []

    def _due(self, connection: sqlite3.Connection, now: int, limit: int) -> list[int]:
        """Return where these rows stand."""
        after = {"after": self._last, "limit": limit}
        partners = self._execute(connection, "partners_in_turn", after).fetchall()
        if not partners:
            return []
        self._last = partners[-1][0]
        bounds = {"now": now, "limit": limit // len(partners)}
        due = [
            row
            for (partner,) in partners
            for (row,) in self._execute(connection, "due_of_partner", bounds | {"partner": partner})
        ]
        if len(due) < limit:
            due += [row for (row,) in self._execute(connection, "due", bounds | {"limit": limit})]
        return list(dict.fromkeys(due))[:limit]

    def _execute(
        self, connection: sqlite3.Connection, statement: str, parameters: Row | dict[str, Any]
    ) -> sqlite3.Cursor:
        return connection.execute(SQL[self._queue + statement], parameters)
