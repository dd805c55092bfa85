"""Webhook registrations, as the real service documents them. Their paths have no /v1 before them.

https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
"""

from collections.abc import Sequence
from typing import Any

from vetline.sdk import reading
from vetline.sdk.errors import InvalidArgumentError
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.registrations import (
    ValidationEvent,
    WebhookRegistration,
    registration_in,
    validation_event_in,
)
from vetline.sdk.operations.customers import members_in
from vetline.sdk.operations.operation import Operation, filled
from vetline.sdk.retrying import Repeat

REGISTRATION = "/webhooks/v1/registration"
EVENTS = f"{REGISTRATION}/events"
TESTS = f"{REGISTRATION}/validationEvents"
TEST = f"{TESTS}/{{correlation_id}}"


def get_registration() -> Operation[WebhookRegistration]:
    """Return the operation that reads the registration."""
    return Operation(name="webhooks.get", method="GET", route=REGISTRATION, path=REGISTRATION, read=_registration)


def register(
    url: str, events: Sequence[str], signature_in_ms_header: bool | None = None, *, replace: bool = False
) -> Operation[WebhookRegistration]:
    """Return the operation that registers an address, or changes what is registered.

    Raises:
        InvalidArgumentError: the URL or the events are missing.
    """
    if not url.strip() or isinstance(events, str) or not events:
        raise InvalidArgumentError("Register a URL and a list of at least one event, such as ['test-created'].")
    body: dict[str, Any] = {"WebhookUrl": url, "WebhookEvents": list(events)}
    if signature_in_ms_header is not None:
        body["SignatureTokenToMsSignatureHeader"] = signature_in_ms_header
    return Operation(
        name="webhooks.update" if replace else "webhooks.register",
        method="PUT" if replace else "POST",
        route=REGISTRATION,
        path=REGISTRATION,
        body=body,
        read=_registration,
    )


def get_events() -> Operation[list[str]]:
    """Return the operation that reads which events there are."""
    return Operation(name="webhooks.events", method="GET", route=EVENTS, path=EVENTS, read=_events)


def send_test_event() -> Operation[str]:
    """Return the operation that asks for a test event; its result names it. Two a minute are allowed."""
    return Operation(
        name="webhooks.test",
        method="POST",
        route=TESTS,
        path=TESTS,
        read=lambda answer: reading.text(members_in(answer), "correlationId"),
        repeat=Repeat.ONLY_UNDONE,
    )


def get_test_event(correlation_id: str) -> Operation[ValidationEvent]:
    """Return the operation that reads what became of a test event."""
    return Operation(
        name="webhooks.test.get",
        method="GET",
        route=TEST,
        path=filled(TEST, correlation_id=correlation_id),
        read=lambda answer: validation_event_in(members_in(answer)),
    )


def _registration(answer: RawAnswer) -> WebhookRegistration:
    return registration_in(members_in(answer))


def _events(answer: RawAnswer) -> list[str]:
    value = reading.json_in(answer)
    if not isinstance(value, list):
        raise ValueError("it is no array")
    return reading.texts(value)
