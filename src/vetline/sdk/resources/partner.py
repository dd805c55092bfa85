"""What belongs to the partner itself: validation codes, audit records, webhook registrations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from vetline.sdk.models.audit import AuditFilter, AuditRecord
from vetline.sdk.models.qualifications import ValidationCode
from vetline.sdk.models.registrations import ValidationEvent, WebhookRegistration
from vetline.sdk.operations import audit, qualifications, registrations
from vetline.sdk.walking import Pager

if TYPE_CHECKING:
    from vetline.sdk.client import PartnerCenter


class Validations:
    """The partner's GCC validation codes: `partner.validations`."""

    def __init__(self, client: PartnerCenter) -> None:
        self._client = client

    def get_validation_codes(self) -> list[ValidationCode]:
        """Return the partner's validation codes, with what is left of each.

        https://learn.microsoft.com/partner-center/developer/get-a-partner-s-validation-codes

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(qualifications.get_validation_codes())


class AuditRecords:
    """What was done for the partner: `partner.audit_records`."""

    def __init__(self, client: PartnerCenter) -> None:
        self._client = client

    def query(
        self,
        start_date: date | None = None,
        end_date: date | None = None,
        filter: AuditFilter | None = None,  # noqa: A002
        size: int | None = None,
    ) -> Pager[AuditRecord]:
        """Return the audit records of some days, read page by page while they are looked at.

        https://learn.microsoft.com/partner-center/developer/get-a-record-of-partner-center-activity-by-user

        Parameters:
            start_date: the first day; `None` for 30 days ago. The service keeps 90 days.
            end_date: the last day; `None` for today.
            filter: which; `None` for all.
            size: how many in a page.
        """
        first = audit.query_audit_records(start_date, end_date, filter, size)
        return Pager(self._client.send, first, audit.more_audit_records)


class Webhooks:
    """Where events are delivered: `partner.webhooks`. `vetline.sdk.webhooks` checks what is delivered."""

    def __init__(self, client: PartnerCenter) -> None:
        self._client = client

    def get(self) -> WebhookRegistration:
        """Return the registration.

        Raises:
            NotFoundError: there is none.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(registrations.get_registration())

    def register(
        self, url: str, events: Sequence[str], signature_in_ms_header: bool | None = None
    ) -> WebhookRegistration:
        """Register an address for some events.

        Parameters:
            url: the address to call, https.
            events: such as ``test-created``; see `get_events`.
            signature_in_ms_header: have the signature in `x-ms-signature`, where `Authorization` is of use otherwise.

        Raises:
            ConflictError: there is a registration already.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(registrations.register(url, events, signature_in_ms_header))

    def update(
        self, url: str, events: Sequence[str], signature_in_ms_header: bool | None = None
    ) -> WebhookRegistration:
        """Change the registration; see `register`.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(registrations.register(url, events, signature_in_ms_header, replace=True))

    def get_events(self) -> list[str]:
        """Return which events there are.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(registrations.get_events())

    def send_test_event(self) -> str:
        """Ask for a ``test-created`` event and return its correlation id; two a minute are allowed.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(registrations.send_test_event())

    def get_test_event(self, correlation_id: str) -> ValidationEvent:
        """Return what became of a test event.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(registrations.get_test_event(correlation_id))
