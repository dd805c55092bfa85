"""What a partner may read of what happened to its customers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from vetline.store.audit import AuditPlace, AuditQuery, Happened
from vetline.store.port import Store

# After every customer of the same moment.
_LAST: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
# Three qualifications, with a step or two each, and the customer itself.
_MOST_AT_ONCE: Final = 20


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

    async def at(self, partner: str, customer: str, moment: datetime) -> Sequence[Happened]:
        """Return what happened to a customer at a moment.

        Raises:
            UnavailableError.
        """
        query = AuditQuery(moment, AuditPlace(moment, _LAST), _MOST_AT_ONCE, customer=customer)
        return await self._store.audit(partner, query)
