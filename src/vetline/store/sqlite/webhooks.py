"""The promises about webhooks, kept by the SQLite file."""

from collections.abc import Sequence
from datetime import datetime

from vetline.store import documents
from vetline.store.sqlite import webhook_rows
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.claims import Claims
from vetline.store.sqlite.rows import Row, blob, micros, partner_blob
from vetline.store.sqlite.slow_reader import SlowReader
from vetline.store.sqlite.writer import GroupWriter
from vetline.store.webhooks import Delivery, DeliveryQuery, DeliveryState, Kind, Registration


class SqliteWebhooks:
    """See `Webhooks`.

    Parameters:
        reader: reads, in its thread.
        writer: where all that changes goes.
    """

    def __init__(self, reader: SlowReader, writer: GroupWriter) -> None:
        self._read = reader.read
        self._writer = writer
        self._claims = Claims("delivery_")

    async def registration(self, partner: str) -> Registration | None:
        """See `Webhooks.registration`."""
        found = await self._read("webhook", (partner_blob(partner),))
        return documents.registration_of(partner, found[0][0]) if found else None

    async def delivery(self, partner: str, delivery: str) -> Delivery | None:
        """See `Webhooks.delivery`."""
        found = await self._read("delivery", (partner_blob(partner), blob(delivery)))
        return webhook_rows.delivery_of(found[0]) if found else None

    async def deliveries(self, partner: str, wanted: DeliveryQuery) -> Sequence[Delivery]:
        """See `Webhooks.deliveries`."""
        state = wanted.state.value if wanted.state else None
        customer = blob(wanted.customer) if wanted.customer else None
        found = await self._read("deliveries", (partner_blob(partner), state, customer, wanted.limit))
        return [webhook_rows.delivery_of(row) for row in found]

    async def since(self, partner: str, kind: Kind, after: datetime) -> int:
        """See `Webhooks.since`."""
        ((number,),) = await self._read("deliveries_since", (partner_blob(partner), kind.value, micros(after)))
        return int(number)

    async def waiting(self) -> int:
        """See `Webhooks.waiting`."""
        ((number,),) = await self._read("deliveries_waiting", ())
        return int(number)

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Delivery]:
        """See `Webhooks.claim`."""
        bounds = (micros(now), micros(lease_until), limit)
        found = await self._writer.run(lambda connection: self._claims.take(connection, *bounds))
        return sorted((webhook_rows.delivery_of(row) for row in found), key=lambda one: (one.due_at, one.at, one.id))

    async def settle(self, before: Delivery, after: Delivery) -> bool:
        """See `Webhooks.settle`."""
        return await self._changed("settle_delivery", webhook_rows.settled_row(before, after)) > 0

    async def resend(self, partner: str, delivery: str, now: datetime) -> bool:
        """See `Webhooks.resend`."""
        return await self._changed("resend_delivery", (partner_blob(partner), blob(delivery), micros(now))) > 0

    async def forget(self, state: DeliveryState, before: datetime, limit: int) -> int:
        """See `Webhooks.forget`."""
        return await self._changed("forget_deliveries", (state.value, micros(before), limit), long=True)

    async def _changed(self, statement: str, row: Row, *, long: bool = False) -> int:
        work = self._writer.run(lambda connection: connection.execute(SQL[statement], row).rowcount, long=long)
        return int(await work)
