"""What a partner may read of what happened to its customers."""

from collections.abc import Sequence

from vetline.store.audit import AuditQuery, Happened
from vetline.store.port import Store


class AuditDesk:
    """The audit log, as partners see it.

    Parameters:
        store: what happened.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, partner: str, query: AuditQuery) -> Sequence[Happened]:
        """Return a page of what happened at a partner, the newest first.

        Raises:
            UnavailableError.
        """
        return await self._store.audit(partner, query)
