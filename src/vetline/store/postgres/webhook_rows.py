"""Between the rows of webhooks in PostgreSQL and records; see `rows`."""

from typing import assert_never

from vetline.store import documents
from vetline.store.changes import EventTold, WebhookAdded, WebhookChanged, WebhookEffect
from vetline.store.postgres.rows import PROGRAMMES, Row
from vetline.store.webhooks import Delivery, DeliveryState, Kind, Registration


def delivery_of(row: Row) -> Delivery:
    """Return the delivery in a row of ``delivery``, ``deliveries`` and ``delivery_claim_...``."""
    partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results = row
    return Delivery(
        partner=str(partner),
        id=str(delivery),
        kind=Kind(kind),
        at=at,
        due_at=due_at,
        customer=str(customer) if customer else "",
        programme=PROGRAMMES.get(programme),
        version=version,
        state=DeliveryState(state),
        attempts=attempts,
        results=documents.attempts_of(results),
    )


def delivery_row(delivery: Delivery) -> Row:
    """Return the values of ``add_delivery`` and ``tell_case``."""
    return (
        delivery.partner,
        delivery.id,
        delivery.kind.value,
        delivery.customer or None,
        delivery.programme.value if delivery.programme else None,
        delivery.version,
        delivery.at,
        delivery.state.value,
        delivery.attempts,
        delivery.due_at,
        documents.text_of(delivery.results),
    )


def settled_row(before: Delivery, after: Delivery) -> Row:
    """Return the values of ``settle_delivery``."""
    return (
        before.partner,
        before.id,
        before.attempts,
        after.state.value,
        after.attempts,
        after.due_at,
        documents.text_of(after.results),
    )


def registration_row(registration: Registration) -> Row:
    """Return the values of ``add_webhook`` and ``change_webhook``."""
    return registration.partner, int(registration.wants_cases), documents.text_of(registration)


def step_of(effect: WebhookEffect) -> tuple[str, Row]:
    """Return the statement that an effect is, and its values."""
    match effect:
        case WebhookAdded(registration=registration):
            return "add_webhook", registration_row(registration)
        case WebhookChanged(registration=registration):
            return "change_webhook", registration_row(registration)
        case EventTold(delivery=delivery):
            return "add_delivery", delivery_row(delivery)
        case _:
            assert_never(effect)


def touched_by(effect: WebhookEffect) -> tuple[str, ...]:
    """Return what an effect touches: a partner's registration, or a delivery."""
    match effect:
        case WebhookAdded(registration=registration) | WebhookChanged(registration=registration):
            return "webhook", registration.partner
        case EventTold(delivery=delivery):
            return "delivery", delivery.partner, delivery.id
        case _:
            assert_never(effect)
