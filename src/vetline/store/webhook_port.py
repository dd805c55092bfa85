"""What every store promises of webhooks. The conformance suite holds each of them to these sentences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from vetline.store.webhooks import Delivery, DeliveryQuery, DeliveryState, Kind, Registration


class Webhooks(Protocol):
    """The registrations and deliveries of a store. Any method may raise `UnavailableError`.

    They are added and changed by `Store.save`. A case that moves there brings its delivery along, in the same
    transaction, when its partner wants to hear of cases.
    """

    async def registration(self, partner: str) -> Registration | None:
        """Return where a partner wants events, `None` when it wants none."""
        ...

    async def delivery(self, partner: str, delivery: str) -> Delivery | None:
        """Return one delivery, `None` when this partner has no such one."""
        ...

    async def deliveries(self, partner: str, wanted: DeliveryQuery) -> Sequence[Delivery]:
        """Return a partner's deliveries, the newest first."""
        ...

    async def since(self, partner: str, kind: Kind, after: datetime) -> int:
        """Return how many events of a kind happened after a moment."""
        ...

    async def waiting(self) -> int:
        """Return how many deliveries are on their way, of all partners."""
        ...

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Delivery]:
        """Take deliveries that are due; nobody else gets them until the lease ends or they are settled.

        Partners take turns as they do in `Store.claim_due`, and the oldest due ones of a partner come first.
        """
        ...

    async def settle(self, before: Delivery, after: Delivery) -> bool:
        """Keep what came of an attempt, and end the lease; return `False` when somebody else was quicker."""
        ...

    async def resend(self, partner: str, delivery: str, now: datetime) -> bool:
        """Begin a delivery anew, whatever came of it; return `False` when this partner has no such one."""
        ...

    async def forget(self, state: DeliveryState, before: datetime, limit: int) -> int:
        """Forget deliveries in a state that happened before a moment, and return how many, at most `limit`."""
        ...
