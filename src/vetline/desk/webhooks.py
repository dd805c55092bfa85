"""What a partner may ask about webhooks: where it wants events, a test event, and what became of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from math import ceil
from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from vetline.clock import Clock
from vetline.store.changes import Change, EventTold, WebhookAdded, WebhookChanged
from vetline.store.port import ConflictError, Store
from vetline.store.records import Remembered
from vetline.store.webhooks import Delivery, DeliveryQuery, Kind, Registration
from vetline.webhooks.destinations import Gate

Seal = Callable[[Registration], Remembered | None]
TestSeal = Callable[[Delivery], Remembered | None]

# https://learn.microsoft.com/partner-center/developer/partner-center-webhook-events: 2 requests per minute
TESTS: Final = 2
TESTS_IN: Final = timedelta(minutes=1)
# https://learn.microsoft.com/partner-center/developer/partner-center-webhooks: deleted after seven days
TESTS_KEPT: Final = timedelta(days=7)


class NotRegisteredError(Exception):
    """This partner has no registration."""


class AlreadyRegisteredError(Exception):
    """This partner has a registration."""


class TestNotWantedError(Exception):
    """This partner's registration does not name the test event."""


class TooManyTestsError(Exception):
    """So many test events were asked for lately that the next one has to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"the next one may be asked for in {seconds} seconds")


class NoSuchDeliveryError(Exception):
    """This partner has no such delivery."""


class WebhookDesk:
    """A partner's webhooks.

    Parameters:
        store: durable state.
        clock: the time.
        gate: decides where webhooks may go.
    """

    def __init__(self, store: Store, clock: Clock, gate: Gate) -> None:
        self._store = store
        self._clock = clock
        self._gate = gate

    async def registration(self, partner: str) -> Registration:
        """Return where a partner wants events.

        Raises:
            NotRegisteredError, UnavailableError.
        """
        found = await self._store.webhooks.registration(partner)
        if found is None:
            raise NotRegisteredError
        return found

    async def register(self, wanted: Registration, seal: Seal) -> None:
        """Keep a partner's first registration, which gets an id of its own.

        Raises:
            DestinationError, AlreadyRegisteredError, AlreadyAnsweredError, UnavailableError.
        """
        await self._gate.check(wanted.url)
        registration = replace(wanted, subscriber=str(uuid4()))
        try:
            await self._store.save(Change((WebhookAdded(registration),), seal(registration)))
        except ConflictError:
            raise AlreadyRegisteredError from None

    async def change(self, wanted: Registration, seal: Seal) -> None:
        """Put a registration in place of the one that a partner has; only its id stays.

        Raises:
            DestinationError, NotRegisteredError, AlreadyAnsweredError, UnavailableError.
        """
        await self._gate.check(wanted.url)
        registration = replace(wanted, subscriber=(await self.registration(wanted.partner)).subscriber)
        try:
            await self._store.save(Change((WebhookChanged(registration),), seal(registration)))
        except ConflictError:
            raise NotRegisteredError from None

    async def test(self, partner: str, seal: TestSeal) -> None:
        """Have a test event delivered.

        Raises:
            NotRegisteredError, TestNotWantedError, TooManyTestsError, AlreadyAnsweredError, UnavailableError.
        """
        if Kind.TEST not in (await self.registration(partner)).wants:
            raise TestNotWantedError
        now = self._clock.now()
        if await self._store.webhooks.since(partner, Kind.TEST, now - TESTS_IN) >= TESTS:
            raise TooManyTestsError(ceil(TESTS_IN.total_seconds()))
        delivery = Delivery(partner, str(uuid4()), Kind.TEST, now, now)
        await self._store.save(Change((EventTold(delivery),), seal(delivery)))

    async def tested(self, partner: str, delivery: str) -> Delivery:
        """Return a test event with what became of it.

        Raises:
            NoSuchDeliveryError, UnavailableError.
        """
        found = await self._store.webhooks.delivery(partner, delivery)
        if found is None or found.kind is not Kind.TEST or found.at < self._clock.now() - TESTS_KEPT:
            raise NoSuchDeliveryError
        return found

    async def deliveries(self, partner: str, wanted: DeliveryQuery) -> Sequence[Delivery]:
        """Return a partner's deliveries, the newest first."""
        return await self._store.webhooks.deliveries(partner, wanted)

    async def resend(self, partner: str, delivery: str) -> Delivery:
        """Have an event delivered once more, whatever became of it, with as many attempts as at first.

        Raises:
            NoSuchDeliveryError, UnavailableError.
        """
        if not await self._store.webhooks.resend(partner, delivery, self._clock.now()):
            raise NoSuchDeliveryError
        found = await self._store.webhooks.delivery(partner, delivery)
        if found is None:
            raise NoSuchDeliveryError
        return found
