"""Webhooks: a partner's registration, its test events, and what became of its deliveries.

https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from vetline.api.call import Answer, Call
from vetline.api.idempotency import Sealed
from vetline.api.translate import json_answer
from vetline.api.translate_webhooks import (
    asked,
    delivery_view,
    registered,
    registration_of,
    shown,
    tested,
)
from vetline.desk.webhooks import (
    AlreadyRegisteredError,
    NoSuchDeliveryError,
    NotRegisteredError,
    TestNotWantedError,
    TooManyTestsError,
    WebhookDesk,
)
from vetline.store.webhooks import Delivery, DeliveryQuery, DeliveryState, Registration
from vetline.webhooks.destinations import DestinationError
from vetline.wire import faults
from vetline.wire.fault_bodies import throttled_body
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.webhooks import EVENTS, DeliveriesView, read_registration

SHOWN: Final = 200
_OFF: Final = "This operation isn't supported in this environment: its operator has set no webhook_certificate."


class WebhookHandlers:
    """The operations on webhooks.

    Parameters:
        desk: what a partner may ask; `None` where nothing can be signed.
    """

    def __init__(self, desk: WebhookDesk | None) -> None:
        self._known = desk

    @property
    def _desk(self) -> WebhookDesk:
        if self._known is None:
            raise FaultError(faults.WRONG_ENVIRONMENT, _OFF)
        return self._known

    async def webhook_events(self, call: Call) -> Answer:
        """Answer with the events that happen here."""
        return json_answer(200, EVENTS)

    async def get_webhook(self, call: Call) -> Answer:
        """Answer with the partner's registration."""
        with _told():
            return shown(await self._desk.registration(call.caller.tenant))

    async def register_webhook(self, call: Call) -> Answer:
        """Register an address for events."""
        sealed: Sealed[Registration] = Sealed(call, registered)
        with _told():
            await self._desk.register(registration_of(read_registration(call.body), call.caller.tenant), sealed)
        return sealed.answer

    async def change_webhook(self, call: Call) -> Answer:
        """Put a registration in place of the one that there is."""
        sealed: Sealed[Registration] = Sealed(call, registered)
        with _told():
            await self._desk.change(registration_of(read_registration(call.body), call.caller.tenant), sealed)
        return sealed.answer

    async def test_webhook(self, call: Call) -> Answer:
        """Have a test event delivered."""
        sealed: Sealed[Delivery] = Sealed(call, asked)
        try:
            with _told():
                await self._desk.test(call.caller.tenant, sealed)
        except TooManyTestsError as error:
            return Answer(429, throttled_body(error.seconds), ((b"retry-after", b"%d" % error.seconds),))
        return sealed.answer

    async def tested_webhook(self, call: Call) -> Answer:
        """Answer with what became of a test event."""
        with _told():
            found = await self._desk.tested(call.caller.tenant, _delivery_in(call))
            return tested(found, (await self._desk.registration(call.caller.tenant)).url)

    async def deliveries(self, call: Call) -> Answer:
        """Answer with the partner's latest deliveries."""
        wanted = query_of(call.query)
        found = await self._desk.deliveries(call.caller.tenant, wanted)
        return json_answer(200, DeliveriesView(list(map(delivery_view, found))))

    async def resend_delivery(self, call: Call) -> Answer:
        """Have an event delivered once more."""
        with _told():
            return json_answer(200, delivery_view(await self._desk.resend(call.caller.tenant, _delivery_in(call))))


def query_of(query: dict[str, str]) -> DeliveryQuery:
    """Return which deliveries are asked for.

    Raises:
        FaultError: InvalidInput.
    """
    state, customer = query.get("state"), query.get("customerid")
    if state is not None and state not in set(DeliveryState):
        raise FaultError(
            faults.INVALID_INPUT, f"Invalid request input: state must be one of {', '.join(DeliveryState)}."
        )
    found = "" if customer is None else guid_of(customer)
    if found is None:
        raise FaultError(faults.INVALID_CUSTOMER_ID)
    return DeliveryQuery(SHOWN, DeliveryState(state) if state else None, found)


def _delivery_in(call: Call) -> str:
    found = guid_of(call.parameters["delivery_id"])
    if found is None:
        raise FaultError(faults.NOT_FOUND)
    return found


@contextmanager
def _told() -> Iterator[None]:
    """What the desk refuses is a fault."""
    try:
        yield
    except DestinationError as error:
        raise FaultError(faults.WEBHOOK_URL_REFUSED, f"Invalid request input: {error}") from error
    except AlreadyRegisteredError as error:
        raise FaultError(faults.WEBHOOK_REGISTERED) from error
    except NotRegisteredError as error:
        raise FaultError(faults.WEBHOOK_NOT_REGISTERED) from error
    except TestNotWantedError as error:
        raise FaultError(faults.TEST_EVENT_NOT_REGISTERED) from error
    except NoSuchDeliveryError as error:
        raise FaultError(faults.NOT_FOUND) from error
