"""Registrations and deliveries for the tests of stores."""

from tests.store.records import T0, A, guid, save
from vetline.store.changes import EventTold, WebhookAdded
from vetline.store.port import Store
from vetline.store.webhooks import Delivery, Kind, Registration

BOTH = (Kind.CASE, Kind.TEST)


def registration(partner: str = A, wants: tuple[Kind, ...] = BOTH, url: str = "https://a.example/ä") -> Registration:
    """Return a registration with everything filled in."""
    return Registration(partner, guid(1, "s"), url, ("test-created", "ours"), wants, True, "whsec_c2VjcmV0")


def an_event(number: int = 1, partner: str = A, seconds: float = 0) -> Delivery:
    """Return a delivery that is due as soon as it happens."""
    moment = T0.replace(microsecond=0)
    at = moment.fromtimestamp(moment.timestamp() + seconds, moment.tzinfo)
    return Delivery(partner, guid(number, "d"), Kind.TEST, at, at)


async def with_registration(store: Store, partner: str = A, wants: tuple[Kind, ...] = BOTH) -> Registration:
    """Put a registration into a store."""
    found = registration(partner, wants)
    await save(store, WebhookAdded(found))
    return found


async def with_deliveries(store: Store, *deliveries: Delivery) -> None:
    """Put deliveries into a store."""
    await save(store, *map(EventTold, deliveries))
