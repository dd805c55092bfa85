"""A store that cannot count for a while, as a server that was just started and reads everything from a cold disk."""

from datetime import datetime

from vetline.store.port import UnavailableError
from vetline.store.queue import QueueCounts
from vetline.store.sqlite.store import SqliteStore


class ColdStore(SqliteStore):
    """Everything but the queue's counts is there."""

    is_cold = True

    async def waiting_counts(self, overdue_before: datetime) -> QueueCounts:
        """Count, or give up as PostgreSQL does."""
        if self.is_cold:
            raise UnavailableError("canceling statement due to statement timeout")
        return await super().waiting_counts(overdue_before)
