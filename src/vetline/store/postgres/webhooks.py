"""The promises about webhooks, kept by PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from vetline.store import documents
from vetline.store.postgres import webhook_rows
from vetline.store.postgres.claims import Claims
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import Link
from vetline.store.webhooks import Delivery, DeliveryQuery, DeliveryState, Kind, Registration


class PostgresWebhooks:
    """See `Webhooks`.

    Parameters:
        readers, writers: connections.
    """

    def __init__(self, readers: Link, writers: Link) -> None:
        self._readers, self._writers = readers, writers
        self._claims = Claims(writers, "delivery_")

    async def registration(self, partner: str) -> Registration | None:
        """See `Webhooks.registration`."""
        found = await self._readers.fetch(SQL["webhook"], partner)
        return documents.registration_of(partner, found[0][0]) if found else None

    async def delivery(self, partner: str, delivery: str) -> Delivery | None:
        """See `Webhooks.delivery`."""
        found = await self._readers.fetch(SQL["delivery"], partner, delivery)
        return webhook_rows.delivery_of(found[0]) if found else None

    async def deliveries(self, partner: str, wanted: DeliveryQuery) -> Sequence[Delivery]:
        """See `Webhooks.deliveries`."""
        state = wanted.state.value if wanted.state else None
        found = await self._readers.fetch(SQL["deliveries"], partner, state, wanted.customer or None, wanted.limit)
        return [webhook_rows.delivery_of(row) for row in found]

    async def since(self, partner: str, kind: Kind, after: datetime) -> int:
        """See `Webhooks.since`."""
        ((number,),) = await self._readers.fetch(SQL["deliveries_since"], partner, kind.value, after)
        return int(number)

    async def waiting(self) -> int:
        """See `Webhooks.waiting`."""
        ((number,),) = await self._readers.fetch(SQL["deliveries_waiting"])
        return int(number)

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Delivery]:
        """See `Webhooks.claim`."""
        found = await self._claims.take(now, lease_until, limit)
        return sorted((webhook_rows.delivery_of(row) for row in found), key=lambda one: (one.due_at, one.at, one.id))

    async def settle(self, before: Delivery, after: Delivery) -> bool:
        """See `Webhooks.settle`. When an answer is lost it is settled again, and nobody is asked whether it was."""
        return await self._changed("settle_delivery", *webhook_rows.settled_row(before, after)) > 0

    async def resend(self, partner: str, delivery: str, now: datetime) -> bool:
        """See `Webhooks.resend`."""
        return await self._changed("resend_delivery", partner, delivery, now) > 0

    async def forget(self, state: DeliveryState, before: datetime, limit: int) -> int:
        """See `Webhooks.forget`."""
        return await self._changed("forget_deliveries", state.value, before, limit)

    async def _changed(self, statement: str, *values: object) -> int:
        status: str = await self._writers.read(lambda connection: connection.execute(SQL[statement], *values))
        return int(status.rpartition(" ")[2])
