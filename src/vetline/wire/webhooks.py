"""The messages of webhooks: registrations, test events, and the events themselves.

https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
https://learn.microsoft.com/partner-center/developer/partner-center-webhook-events
"""

import re
from datetime import datetime
from typing import Any, Final

import msgspec

from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.reading import Members, object_of, required_text, text_member

TEST_CREATED: Final = "test-created"
# Ours: Partner Center has no event for qualifications.
QUALIFICATION_UPDATED: Final = "customer-qualification-updated"
EVENTS: Final = (TEST_CREATED, QUALIFICATION_UPDATED)

TESTS: Final = "/webhooks/v1/registration/validationEvents"
CERTIFICATE: Final = "/certificates/webhooks.pem"

MAX_EVENTS: Final = 200
_MAX_NAME: Final = 128
# The form of every documented name, such as usagerecords-thresholdExceeded; Partner Center adds new ones each year.
_NAME: Final = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")


class RegistrationRequest(msgspec.Struct, frozen=True):
    """Where a partner wants which events.

    Parameters:
        url: where to.
        events: their names as given, each once.
        in_ms_header: whether the signature goes into `x-ms-signature`; `None` when that is not said.
        secret: for Standard Webhooks signatures; empty for none.
    """

    url: str
    events: tuple[str, ...]
    in_ms_header: bool | None
    secret: str


class RegistrationView(msgspec.Struct, rename="pascal", omit_defaults=True):
    """A registration; the documented GET tells no `SubscriberId`, and a secret is never told."""

    webhook_url: str
    webhook_events: list[str]
    subscriber_id: str = ""
    signature_token_to_ms_signature_header: bool | None = None
    standard_webhooks: bool = False


class TestEventView(msgspec.Struct, rename="camel"):
    """Names a test event."""

    correlation_id: str


class AttemptView(msgspec.Struct, rename="camel"):
    """One attempt to deliver an event."""

    response_code: str
    response_message: str
    system_error: bool
    date_time_utc: str


class TestResultView(msgspec.Struct, rename="camel"):
    """What became of a test event."""

    correlation_id: str
    partner_id: str
    status: str
    callback_url: str
    results: list[AttemptView]


class EventBody(msgspec.Struct, rename="pascal"):
    """An event as it is delivered; the documented samples say AuditUri, also where there is none."""

    event_name: str
    resource_uri: str
    resource_name: str
    audit_uri: str | None
    resource_change_utc_date: str


def read_registration(body: bytes) -> RegistrationRequest:
    """Return what a partner wants to register.

    Raises:
        FaultError: says what is wrong with it.
    """
    members = object_of(body)
    return RegistrationRequest(
        required_text(members, "WebhookUrl"),
        _events(members.get("webhookevents")),
        _truth(members, "SignatureTokenToMsSignatureHeader"),
        _secret(members),
    )


def _events(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= MAX_EVENTS:
        raise FaultError(
            faults.INVALID_PROPERTY,
            f'Invalid property: WebhookEvents must be an array of 1 to {MAX_EVENTS} names, such as ["{TEST_CREATED}"].',
        )
    if not all(isinstance(one, str) and len(one) <= _MAX_NAME and _NAME.fullmatch(one) for one in given):
        raise FaultError(
            faults.INVALID_PROPERTY,
            "Invalid property: WebhookEvents must hold names in the form {resource}-{action}; "
            "GET /webhooks/v1/registration/events lists them.",
        )
    return tuple({one.lower(): one for one in given}.values())


def _secret(members: Members) -> str:
    """Return the secret; an empty one is a slip, not the wish for none."""
    secret = text_member(members, "StandardWebhooksSecret", limit=256)
    if not secret and members.get("standardwebhookssecret") is not None:
        raise FaultError(faults.WEBHOOK_SECRET_INVALID)
    return secret


def _truth(members: Members, name: str) -> bool | None:
    value = members.get(name.lower())
    if value is None or isinstance(value, bool):
        return value
    raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {name} must be true or false.")


def change_date(moment: datetime) -> str:
    """Return a moment in UTC as events tell it, with seven decimals."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0+00:00"


def code_name(phrase: str) -> str:
    """Return a status as .NET names it, such as ``NotFound``: the documented sample says ``OK``."""
    return re.sub(r"[^A-Za-z]", "", phrase)


class DeliveryView(msgspec.Struct, rename="camel", omit_defaults=True):
    """A delivery: ours, beside Partner Center's wire."""

    id: str
    partner_id: str
    event_name: str
    state: str
    attempts: int
    date: str
    results: list[AttemptView]
    customer_id: str | None = None
    qualification: str | None = None
    next_attempt_date: str | None = None


class DeliveriesView(msgspec.Struct, rename="camel"):
    """Deliveries, the newest first."""

    items: list[DeliveryView]
