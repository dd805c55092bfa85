"""The border between the wire's words about webhooks and ours."""

from datetime import datetime
from typing import Final

import msgspec

from vetline.api.call import Answer
from vetline.api.translate import PROGRAMME_NAMES, json_answer
from vetline.api.translate_audit import step_id
from vetline.store.webhooks import Attempt, Delivery, DeliveryState, Kind, Registration
from vetline.webhooks.messages import Message, phrase
from vetline.webhooks.signing import Signer, microsoft_headers, secret_bytes, standard_headers
from vetline.wire import faults, webhooks
from vetline.wire.faults import FaultError
from vetline.wire.qualifications import date_text
from vetline.wire.webhooks import (
    AttemptView,
    DeliveryView,
    EventBody,
    RegistrationRequest,
    RegistrationView,
    TestEventView,
    TestResultView,
)

EVENT_NAMES: Final = {Kind.TEST: webhooks.TEST_CREATED, Kind.CASE: webhooks.QUALIFICATION_UPDATED}
_KINDS: Final = {name: kind for kind, name in EVENT_NAMES.items()}
# The documents show one status, of what arrived.
_STATUSES: Final = {
    DeliveryState.WAITING: "pending",
    DeliveryState.DELIVERED: "completed",
    DeliveryState.PARKED: "failed",
}


def registration_of(wanted: RegistrationRequest, partner: str) -> Registration:
    """Return what a partner wants to register; it has no id yet.

    Raises:
        FaultError: WebhookSecretInvalid.
    """
    names = {name.lower() for name in wanted.events}
    wants = tuple(kind for name, kind in _KINDS.items() if name in names)
    if wanted.secret:
        _check_secret(wanted.secret)
    return Registration(partner, "", wanted.url, wanted.events, wants, wanted.in_ms_header, wanted.secret)


def _check_secret(secret: str) -> None:
    try:
        secret_bytes(secret)
    except ValueError:  # which may tell what it read
        raise FaultError(faults.WEBHOOK_SECRET_INVALID) from None


def registered(registration: Registration) -> Answer:
    """Return the answer to a POST or PUT."""
    return json_answer(200, _view(registration, registration.subscriber))


def shown(registration: Registration) -> Answer:
    """Return the answer to a GET, which tells no id."""
    return json_answer(200, _view(registration))


def _view(registration: Registration, subscriber: str = "") -> RegistrationView:
    return RegistrationView(
        webhook_url=registration.url,
        webhook_events=list(registration.events),
        subscriber_id=subscriber,
        signature_token_to_ms_signature_header=registration.in_ms_header,
        standard_webhooks=bool(registration.secret),
    )


def asked(delivery: Delivery) -> Answer:
    """Return the answer to whoever asked for a test event."""
    return json_answer(200, TestEventView(delivery.id))


def tested(delivery: Delivery, url: str) -> Answer:
    """Return the answer to whoever asks what became of a test event.

    Parameters:
        url: where it goes.
    """
    results = list(map(attempt_view, delivery.results))
    return json_answer(200, TestResultView(delivery.id, delivery.partner, _STATUSES[delivery.state], url, results))


def attempt_view(attempt: Attempt) -> AttemptView:
    """Return one attempt, in the words of the documented sample."""
    code = webhooks.code_name(phrase(attempt.status)) or (str(attempt.status) if attempt.status else "")
    return AttemptView(code, attempt.message, not attempt.status, date_text(attempt.at))


def delivery_view(delivery: Delivery) -> DeliveryView:
    """Return a delivery as its partner, or whoever runs a sandbox, sees it."""
    return DeliveryView(
        id=delivery.id,
        partner_id=delivery.partner,
        event_name=EVENT_NAMES[delivery.kind],
        state=delivery.state.value,
        attempts=delivery.attempts,
        date=date_text(delivery.at),
        results=list(map(attempt_view, delivery.results)),
        customer_id=delivery.customer or None,
        qualification=PROGRAMME_NAMES[delivery.programme] if delivery.programme else None,
        next_attempt_date=date_text(delivery.due_at) if delivery.state is DeliveryState.WAITING else None,
    )


class Composer:
    """Writes the message of an event: the same body for each attempt, signed for whoever receives it.

    Parameters:
        base: the address at which partners reach the service.
        signer: whose signature it is.
    """

    def __init__(self, base: str, signer: Signer) -> None:
        self._base = base
        self._signer = signer

    def __call__(self, delivery: Delivery, registration: Registration, now: datetime) -> Message:
        """Return the message."""
        body = msgspec.json.encode(self._event(delivery))
        certificate = f"{self._base}{webhooks.CERTIFICATE}"
        in_ms_header = registration.in_ms_header is True
        signed = microsoft_headers(self._signer.sign(body), certificate, in_ms_header=in_ms_header)
        if registration.secret:
            signed |= standard_headers(registration.secret, delivery.id, now, body)
        return Message(registration.url, {"Content-Type": "application/json", **signed}, body)

    def _event(self, delivery: Delivery) -> EventBody:
        date = webhooks.change_date(delivery.at)
        if delivery.programme is None:
            return EventBody(webhooks.TEST_CREATED, f"{self._base}{webhooks.TESTS}/{delivery.id}", "test", None, date)
        about = delivery.partner, delivery.customer, delivery.programme, delivery.version, delivery.at
        return EventBody(
            webhooks.QUALIFICATION_UPDATED,
            f"{self._base}/v1/customers/{delivery.customer}/qualifications",
            "customer-qualification",
            f"{self._base}/auditactivity/v1/auditrecords/{step_id(*about)}",
            date,
        )
