"""Between the rows of webhooks in SQLite and records; see `rows`."""

from typing import assert_never

from vetline.store import documents
from vetline.store.changes import EventTold, WebhookAdded, WebhookChanged, WebhookEffect
from vetline.store.sqlite.rows import PROGRAMMES, Row, blob, guid, micros, moment, partner_blob
from vetline.store.webhooks import Delivery, DeliveryState, Kind, Registration


def delivery_of(row: Row) -> Delivery:
    """Return the delivery in a row of ``delivery``, ``deliveries`` and ``delivery_claim``."""
    partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results = row
    return Delivery(
        partner=guid(partner),
        id=guid(delivery),
        kind=Kind(kind),
        at=moment(at),
        due_at=moment(due_at),
        customer=guid(customer) if customer else "",
        programme=PROGRAMMES.get(programme),
        version=version,
        state=DeliveryState(state),
        attempts=attempts,
        results=documents.attempts_of(results),
    )


def delivery_row(delivery: Delivery) -> Row:
    """Return the parameters of ``add_delivery`` and ``tell_case``."""
    return (
        partner_blob(delivery.partner),
        blob(delivery.id),
        delivery.kind.value,
        blob(delivery.customer) if delivery.customer else None,
        delivery.programme.value if delivery.programme else None,
        delivery.version,
        micros(delivery.at),
        delivery.state.value,
        delivery.attempts,
        micros(delivery.due_at),
        documents.text_of(delivery.results),
    )


def settled_row(before: Delivery, after: Delivery) -> Row:
    """Return the parameters of ``settle_delivery``."""
    return (
        partner_blob(before.partner),
        blob(before.id),
        before.attempts,
        after.state.value,
        after.attempts,
        micros(after.due_at),
        documents.text_of(after.results),
    )


def registration_row(registration: Registration) -> Row:
    """Return the parameters of ``add_webhook`` and ``change_webhook``."""
    return partner_blob(registration.partner), int(registration.wants_cases), documents.text_of(registration)


def step_of(effect: WebhookEffect) -> tuple[str, Row]:
    """Return the statement that an effect is, and its parameters."""
    match effect:
        case WebhookAdded(registration=registration):
            return "add_webhook", registration_row(registration)
        case WebhookChanged(registration=registration):
            return "change_webhook", registration_row(registration)
        case EventTold(delivery=delivery):
            return "add_delivery", delivery_row(delivery)
        case _:
            assert_never(effect)
