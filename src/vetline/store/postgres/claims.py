"""What is due is claimed from each partner in turn, so that a partner with much of it delays no other one.

A claim looks at no more partners than it takes rows: those after the one at which the last claim ended, in the order
of their keys and then from the first one again. Each gets the same share; what they leave goes to the oldest of
all, so that a claim comes short only when nothing is due any more. Each process counts its own turns.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import Link


class Claims:
    """Claims rows, and knows whose turn it is. The first turn is anybody's: a restart is nobody's advantage.

    Parameters:
        link: where they are.
        queue: what the names of the queue's statements begin with; empty for the cases.
    """

    def __init__(self, link: Link, queue: str = "") -> None:
        self._link = link
        self._queue = queue
        self._last = uuid4()

    async def take(self, now: datetime, lease_until: datetime, limit: int) -> list[Any]:
        """Return at most so many rows that were due and are now claimed.

        A claim whose answer was lost ends with its lease, so each statement may be made again.
        """
        partners: list[UUID] = [row[0] for row in await self._fetch("partners_in_turn", self._last, limit)]
        if not partners:
            return []
        self._last = partners[-1]
        share = limit // len(partners)
        found = await self._fetch("claim_of_partners", now, lease_until, share, partners)
        if len(found) < limit:
            found += await self._fetch("claim_oldest", now, lease_until, limit - len(found))
        return found

    async def _fetch(self, statement: str, *values: object) -> list[Any]:
        return await self._link.fetch(SQL[self._queue + statement], *values)
