"""Webhook registrations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vetline.sdk import reading
from vetline.sdk.dates import moment_of
from vetline.sdk.models.model import Model
from vetline.wire.reading import Members, folded


class WebhookRegistration(Model, frozen=True, kw_only=True):
    """Where events are delivered.

    https://learn.microsoft.com/partner-center/developer/partner-center-webhooks

    Parameters:
        url: the address that is called.
        events: which events, such as ``test-created``.
        subscriber_id: the registration's id; empty when it is not told.
        signature_in_ms_header: whether the signature comes in `x-ms-signature` instead of `Authorization`; `None`
            when it is not told.
        raw: every member that came, under its name in lower case.
    """

    url: str
    events: tuple[str, ...] = ()
    subscriber_id: str = ""
    signature_in_ms_header: bool | None = None
    raw: Mapping[str, Any] = {}


class DeliveryAttempt(Model, frozen=True, kw_only=True):
    """One attempt to deliver a test event."""

    response_code: str = ""
    response_message: str = ""
    system_error: bool | None = None
    date: datetime | None = None


class ValidationEvent(Model, frozen=True, kw_only=True):
    """What became of a test event.

    https://learn.microsoft.com/partner-center/developer/partner-center-webhooks

    Parameters:
        correlation_id: names it.
        status: such as ``completed``.
        callback_url: where it was delivered.
        results: the attempts.
        raw: every member that came, under its name in lower case.
    """

    correlation_id: str
    status: str = ""
    partner_id: str = ""
    callback_url: str = ""
    results: tuple[DeliveryAttempt, ...] = ()
    raw: Mapping[str, Any] = {}


def registration_in(members: Members) -> WebhookRegistration:
    """Return a registration from its members under their lower-case names."""
    return WebhookRegistration(
        url=reading.text(members, "WebhookUrl"),
        events=tuple(reading.texts(members.get("webhookevents"))),
        subscriber_id=reading.text(members, "SubscriberId"),
        signature_in_ms_header=reading.truth(members, "SignatureTokenToMsSignatureHeader"),
        raw=members,
    )


def validation_event_in(members: Members) -> ValidationEvent:
    """Return a test event from its members under their lower-case names."""
    given = members.get("results")
    results = [folded(one) for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return ValidationEvent(
        correlation_id=reading.text(members, "correlationId"),
        status=reading.text(members, "status"),
        partner_id=reading.text(members, "partnerId"),
        callback_url=reading.text(members, "callbackUrl"),
        results=tuple(_attempt(one) for one in results),
        raw=members,
    )


def _attempt(members: Members) -> DeliveryAttempt:
    return DeliveryAttempt(
        response_code=reading.text(members, "responseCode"),
        response_message=reading.text(members, "responseMessage"),
        system_error=reading.truth(members, "systemError"),
        date=moment_of(members.get("datetimeutc")),
    )
