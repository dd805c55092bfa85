"""What belongs to the partner itself: validation codes, audit records, webhook registrations, awaited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from vetline.sdk.models.audit import AuditFilter, AuditRecord
from vetline.sdk.models.qualifications import ValidationCode
from vetline.sdk.models.registrations import ValidationEvent, WebhookRegistration
from vetline.sdk.operations import audit, qualifications, registrations
from vetline.sdk.walking import AsyncPager

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter


class AsyncValidations:
    """The partner's GCC validation codes: `partner.validations`."""

    def __init__(self, client: AsyncPartnerCenter) -> None:
        self._client = client

    async def get_validation_codes(self) -> list[ValidationCode]:
        """Return the partner's validation codes, with what is left of each."""
        return await self._client.send(qualifications.get_validation_codes())


class AsyncAuditRecords:
    """What was done for the partner: `partner.audit_records`."""

    def __init__(self, client: AsyncPartnerCenter) -> None:
        self._client = client

    def query(
        self,
        start_date: date | None = None,
        end_date: date | None = None,
        filter: AuditFilter | None = None,  # noqa: A002
        size: int | None = None,
    ) -> AsyncPager[AuditRecord]:
        """Return the audit records of some days, read page by page while they are looked at."""
        first = audit.query_audit_records(start_date, end_date, filter, size)
        return AsyncPager(self._client.send, first, audit.more_audit_records)


class AsyncWebhooks:
    """Where events are delivered: `partner.webhooks`. `vetline.sdk.webhooks` checks what is delivered."""

    def __init__(self, client: AsyncPartnerCenter) -> None:
        self._client = client

    async def get(self) -> WebhookRegistration:
        """Return the registration."""
        return await self._client.send(registrations.get_registration())

    async def register(
        self, url: str, events: Sequence[str], signature_in_ms_header: bool | None = None
    ) -> WebhookRegistration:
        """Register an address for some events."""
        return await self._client.send(registrations.register(url, events, signature_in_ms_header))

    async def update(
        self, url: str, events: Sequence[str], signature_in_ms_header: bool | None = None
    ) -> WebhookRegistration:
        """Change the registration; see `register`."""
        return await self._client.send(registrations.register(url, events, signature_in_ms_header, replace=True))

    async def get_events(self) -> list[str]:
        """Return which events there are."""
        return await self._client.send(registrations.get_events())

    async def send_test_event(self) -> str:
        """Ask for a ``test-created`` event and return its correlation id; two a minute are allowed."""
        return await self._client.send(registrations.send_test_event())

    async def get_test_event(self, correlation_id: str) -> ValidationEvent:
        """Return what became of a test event."""
        return await self._client.send(registrations.get_test_event(correlation_id))
