"""What a webhook says. Read only after its signature held; tolerant, because the words are Microsoft's and may grow."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from vetline.sdk.errors import WebhookSignatureError
from vetline.wire.faults import FaultError
from vetline.wire.reading import Members, folded, json_of


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A change of a resource, as Partner Center tells it.

    Attributes:
        event_name: what happened, as in `subscription-updated`; an open list.
        resource_uri: the resource that changed.
        resource_name: its kind, as in `subscription`.
        audit_uri: the audit record, where there is one.
        resource_change_utc_date: when the resource changed, which is not when it was delivered; None if it is not told.
        delivery_id: the same for every delivery of the same event: keep it to do nothing twice.
        raw: the body's members as they came, also those not known here.
    """

    event_name: str
    resource_uri: str
    resource_name: str
    audit_uri: str | None
    resource_change_utc_date: datetime | None
    delivery_id: str
    raw: dict[str, Any]


def read_event(body: bytes) -> WebhookEvent:
    """Return the event in a delivery's body; member names may come in any case.

    Raises:
        WebhookSignatureError: it is no JSON object, or names no event.
    """
    raw = _object(body)
    members = folded(raw)
    event_name = _text(members, "EventName")
    if not event_name:
        raise WebhookSignatureError("The delivery is signed, but names no event.")
    return WebhookEvent(
        event_name=event_name,
        resource_uri=_text(members, "ResourceUri"),
        resource_name=_text(members, "ResourceName"),
        # The documented table says AuditUrl, the documented samples say AuditUri.
        # https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#event-model
        audit_uri=_text(members, "AuditUri") or _text(members, "AuditUrl") or None,
        resource_change_utc_date=_moment(_text(members, "ResourceChangeUtcDate")),
        delivery_id=sha256(body).hexdigest(),
        raw=raw,
    )


def _object(body: bytes) -> Members:
    try:
        value = json_of(body)
    except FaultError as error:
        raise WebhookSignatureError("The delivery is signed, but its body is not JSON.") from error
    if not isinstance(value, dict):
        raise WebhookSignatureError("The delivery is signed, but its body is not a JSON object.")
    return value


def _text(members: Members, name: str) -> str:
    value = members.get(name.lower())
    return value.strip() if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
