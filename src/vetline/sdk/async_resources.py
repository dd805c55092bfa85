"""The asynchronous client's resources: the names of `vetline.sdk.resources`, awaited.

What a method does, takes and raises is said there; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from vetline.sdk.models.audit import AuditFilter, AuditRecord
from vetline.sdk.models.cases import Case, Queue
from vetline.sdk.models.customers import BillingProfile, CompanyProfile, Customer, CustomerFilter, NewCustomer
from vetline.sdk.models.qualifications import CustomerQualification, ValidationCode, ValidationRelation
from vetline.sdk.models.registrations import ValidationEvent, WebhookRegistration
from vetline.sdk.operations import audit, customers, qualifications, registrations, review
from vetline.sdk.operations.qualifications import Code, Wanted
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, PollPolicy
from vetline.sdk.walking import AsyncPager

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter


class AsyncQualification:
    """One customer's qualifications: `partner.customers.by_id(id).qualification`."""

    def __init__(self, client: AsyncPartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    async def get_qualifications(self) -> list[CustomerQualification]:
        """Return the customer's qualifications; empty when there is none."""
        return await self._client.send(qualifications.get_qualifications(self._customer_id))

    async def create_qualifications(
        self, request: Wanted, validation_code: Code = None, *, request_id: str = ""
    ) -> CustomerQualification:
        """Ask for a qualification and return it as it stands, usually InReview. Needs App+User."""
        return await self._client.send(
            qualifications.create_qualifications(self._customer_id, request, validation_code, request_id)
        )

    async def get(self) -> str:
        """Return the one value of the synchronous generation, such as ``Education`` or ``None``."""
        return await self._client.send(qualifications.get_qualification(self._customer_id))

    async def update(self, value: str, validation_code: Code = None, *, request_id: str = "") -> str:
        """Set the one value of the synchronous generation and return it. Needs App+User."""
        return await self._client.send(
            qualifications.update_qualification(self._customer_id, value, validation_code, request_id)
        )

    async def wait_for_decision(
        self,
        name: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        poll: PollPolicy = PollPolicy(),  # noqa: B008 - frozen
        on_progress: OnProgress | None = None,
        resume: str | None = None,
    ) -> CustomerQualification:
        """Return a qualification once it is Approved or Denied."""
        return await self._client.wait(self._customer_id, name, timeout, poll, on_progress, resume)


class AsyncCompanyProfiles:
    """One customer's company profile."""

    def __init__(self, client: AsyncPartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    async def get(self) -> CompanyProfile:
        """Return the company profile."""
        return await self._client.send(customers.get_company_profile(self._customer_id))


class AsyncBillingProfiles:
    """One customer's billing profile."""

    def __init__(self, client: AsyncPartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    async def get(self) -> BillingProfile:
        """Return the billing profile."""
        return await self._client.send(customers.get_billing_profile(self._customer_id))

    async def update(self, profile: BillingProfile, *, request_id: str = "") -> BillingProfile:
        """Replace the billing profile and return it as it stands."""
        return await self._client.send(customers.update_billing_profile(self._customer_id, profile, request_id))


class AsyncProfiles:
    """One customer's profiles."""

    def __init__(self, client: AsyncPartnerCenter, customer_id: str) -> None:
        self.company = AsyncCompanyProfiles(client, customer_id)
        self.billing = AsyncBillingProfiles(client, customer_id)


class AsyncCustomerResource:
    """One customer: `partner.customers.by_id(id)`. Nothing is asked of the service yet."""

    def __init__(self, client: AsyncPartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id
        self.qualification = AsyncQualification(client, customer_id)
        self.profiles = AsyncProfiles(client, customer_id)

    async def get(self) -> Customer:
        """Return the customer."""
        return await self._client.send(customers.get_customer(self._customer_id))

    async def delete(self) -> None:
        """Delete the customer, which only a sandbox allows."""
        return await self._client.send(customers.delete_customer(self._customer_id))

    async def get_validations(self) -> list[ValidationRelation]:
        """Return the codes by which the customer was qualified for GCC."""
        return await self._client.send(qualifications.get_validation_relations(self._customer_id))


class AsyncCustomers:
    """The partner's customers: `partner.customers`."""

    def __init__(self, client: AsyncPartnerCenter) -> None:
        self._client = client

    def by_id(self, customer_id: str) -> AsyncCustomerResource:
        """Return one customer's resources."""
        return AsyncCustomerResource(self._client, customer_id)

    def list(self, size: int | None = None, filter: CustomerFilter | None = None) -> AsyncPager[Customer]:  # noqa: A002
        """Return all customers, read page by page while they are looked at."""
        return AsyncPager(self._client.send, customers.list_customers(size, filter), customers.more_customers)

    async def get(self, customer_id: str) -> Customer:
        """Return one customer."""
        return await self._client.send(customers.get_customer(customer_id))

    async def create(self, customer: NewCustomer | Mapping[str, Any], *, request_id: str = "") -> Customer:
        """Create a customer and return it, with the first administrator's password, which is never told again."""
        return await self._client.send(customers.create_customer(customer, request_id))

    async def delete(self, customer_id: str) -> None:
        """Delete a customer, which only a sandbox allows."""
        return await self._client.send(customers.delete_customer(customer_id))


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


class AsyncReview:
    """The review desk of a Vetline service: `partner.review`. No part of Partner Center; the caller is a reviewer."""

    def __init__(self, client: AsyncPartnerCenter) -> None:
        self._client = client

    async def queue(self, size: int = 50, after: str = "") -> Queue:
        """Return a page of the cases that wait for a person, the longest waiting first."""
        return await self._client.send(review.get_queue(size, after))

    async def case(self, partner_id: str, customer_id: str, qualification: str) -> Case:
        """Return one case with its evidence and history."""
        return await self._client.send(review.get_case(partner_id, customer_id, qualification))

    async def approve(
        self, partner_id: str, customer_id: str, qualification: str, note: str = "", version: int | None = None
    ) -> Case:
        """Approve a case and return it."""
        return await self._client.send(review.approve(partner_id, customer_id, qualification, note, version))

    async def deny(
        self,
        partner_id: str,
        customer_id: str,
        qualification: str,
        reason: str,
        note: str = "",
        version: int | None = None,
    ) -> Case:
        """Deny a case, or end an approval, and return it."""
        return await self._client.send(review.deny(partner_id, customer_id, qualification, reason, note, version))
