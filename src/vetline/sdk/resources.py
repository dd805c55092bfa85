"""The blocking client's resources: the fluent path of Partner Center's own clients, one line a method.

`vetline.sdk.async_resources` has the same names, awaited; a test compares the two.
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
from vetline.sdk.walking import Pager

if TYPE_CHECKING:
    from vetline.sdk.client import PartnerCenter


class Qualification:
    """One customer's qualifications: `partner.customers.by_id(id).qualification`."""

    def __init__(self, client: PartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    def get_qualifications(self) -> list[CustomerQualification]:
        """Return the customer's qualifications; empty when there is none.

        https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(qualifications.get_qualifications(self._customer_id))

    def create_qualifications(
        self, request: Wanted, validation_code: Code = None, *, request_id: str = ""
    ) -> CustomerQualification:
        """Ask for a qualification and return it as it stands, usually InReview. Needs App+User.

        https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous

        Parameters:
            request: a `CustomerQualificationRequest`, or the name of a qualification.
            validation_code: for GovernmentCommunityCloud: the code, or a `ValidationCode`.
            request_id: the MS-RequestId for all attempts; give the same one to repeat a call whose answer was lost.

        Raises:
            ConflictError: it is in review or held already, or does not go together with what is held.
            InvalidRequestError: the service refuses the request.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(
            qualifications.create_qualifications(self._customer_id, request, validation_code, request_id)
        )

    def get(self) -> str:
        """Return the one value of the synchronous generation, such as ``Education`` or ``None``.

        https://learn.microsoft.com/partner-center/developer/get-customer-qualification-synchronous

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(qualifications.get_qualification(self._customer_id))

    def update(self, value: str, validation_code: Code = None, *, request_id: str = "") -> str:
        """Set the one value of the synchronous generation and return it. Needs App+User.

        https://learn.microsoft.com/partner-center/developer/update-customer-qualification-synchronous

        Parameters:
            value: such as `CustomerQualification.EDUCATION`.
            validation_code: for GovernmentCommunityCloud: the code, or a `ValidationCode`.
            request_id: the MS-RequestId for all attempts.

        Returns:
            The value now held; ``None`` when a person has to look first.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(
            qualifications.update_qualification(self._customer_id, value, validation_code, request_id)
        )

    def wait_for_decision(
        self,
        name: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        poll: PollPolicy = PollPolicy(),  # noqa: B008 - frozen
        on_progress: OnProgress | None = None,
        resume: str | None = None,
    ) -> CustomerQualification:
        """Return a qualification once it is Approved or Denied.

        It looks again and again, the longer it takes the less often. A service that can hold its answer until there
        is a decision is asked to; Partner Center ignores that.

        Parameters:
            name: which qualification; `None` for whichever is vetted.
            timeout: how many seconds to wait here.
            poll: how often to look.
            on_progress: told after each look that brought no decision.
            resume: the token of a wait to continue, also from another process.

        Raises:
            WaitTimeoutError: there was no decision in time; its `token` continues the wait.
            NotFoundError: the customer has no such qualification.
            PartnerCenterError: looking failed, at the first time or in a way that will not pass; see
                `vetline.sdk.errors`.
        """
        return self._client.wait(self._customer_id, name, timeout, poll, on_progress, resume)


class CompanyProfiles:
    """One customer's company profile."""

    def __init__(self, client: PartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    def get(self) -> CompanyProfile:
        """Return the company profile.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.get_company_profile(self._customer_id))


class BillingProfiles:
    """One customer's billing profile."""

    def __init__(self, client: PartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    def get(self) -> BillingProfile:
        """Return the billing profile.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.get_billing_profile(self._customer_id))

    def update(self, profile: BillingProfile, *, request_id: str = "") -> BillingProfile:
        """Replace the billing profile and return it as it stands.

        Parameters:
            profile: the whole profile, with the `etag` that it was read with.
            request_id: the MS-RequestId for all attempts.

        Raises:
            InvalidRequestError: somebody changed it since it was read (code 2055): read it again.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.update_billing_profile(self._customer_id, profile, request_id))


class Profiles:
    """One customer's profiles."""

    def __init__(self, client: PartnerCenter, customer_id: str) -> None:
        self.company = CompanyProfiles(client, customer_id)
        self.billing = BillingProfiles(client, customer_id)


class CustomerResource:
    """One customer: `partner.customers.by_id(id)`. Nothing is asked of the service yet."""

    def __init__(self, client: PartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id
        self.qualification = Qualification(client, customer_id)
        self.profiles = Profiles(client, customer_id)

    def get(self) -> Customer:
        """Return the customer.

        Raises:
            NotFoundError: there is no such customer.
            PermissionDeniedError: it is another partner's.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.get_customer(self._customer_id))

    def delete(self) -> None:
        """Delete the customer, which only a sandbox allows.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.delete_customer(self._customer_id))

    def get_validations(self) -> list[ValidationRelation]:
        """Return the codes by which the customer was qualified for GCC.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(qualifications.get_validation_relations(self._customer_id))


class Customers:
    """The partner's customers: `partner.customers`."""

    def __init__(self, client: PartnerCenter) -> None:
        self._client = client

    def by_id(self, customer_id: str) -> CustomerResource:
        """Return one customer's resources.

        Parameters:
            customer_id: the customer's tenant ID, a GUID.
        """
        return CustomerResource(self._client, customer_id)

    def list(self, size: int | None = None, filter: CustomerFilter | None = None) -> Pager[Customer]:  # noqa: A002
        """Return all customers, read page by page while they are looked at.

        https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers

        Parameters:
            size: how many in a page.
            filter: which; `None` for all.
        """
        return Pager(self._client.send, customers.list_customers(size, filter), customers.more_customers)

    def get(self, customer_id: str) -> Customer:
        """Return one customer.

        Raises:
            NotFoundError: there is no such customer.
            PermissionDeniedError: it is another partner's.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.get_customer(customer_id))

    def create(self, customer: NewCustomer | Mapping[str, Any], *, request_id: str = "") -> Customer:
        """Create a customer and return it, with the first administrator's password, which is never told again.

        Parameters:
            customer: a `NewCustomer`, or a mapping in the wire's own form.
            request_id: the MS-RequestId for all attempts.

        Raises:
            InvalidRequestError: the service refuses it.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.create_customer(customer, request_id))

    def delete(self, customer_id: str) -> None:
        """Delete a customer, which only a sandbox allows.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(customers.delete_customer(customer_id))


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


class Review:
    """The review desk of a Vetline service: `partner.review`. No part of Partner Center; the caller is a reviewer."""

    def __init__(self, client: PartnerCenter) -> None:
        self._client = client

    def queue(self, size: int = 50, after: str = "") -> Queue:
        """Return a page of the cases that wait for a person, the longest waiting first.

        Parameters:
            size: how many, up to 200.
            after: the `next` of the page before; empty for the first.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.get_queue(size, after))

    def case(self, partner_id: str, customer_id: str, qualification: str) -> Case:
        """Return one case with its evidence and history.

        Raises:
            NotFoundError: there is no such case.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.get_case(partner_id, customer_id, qualification))

    def approve(
        self, partner_id: str, customer_id: str, qualification: str, note: str = "", version: int | None = None
    ) -> Case:
        """Approve a case and return it.

        Parameters:
            partner_id, customer_id, qualification: which case.
            note: for the staff.
            version: of the case that was read; `None` decides on whatever it is now.

        Raises:
            ConflictError: it does not wait for this, or somebody decided meanwhile.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.approve(partner_id, customer_id, qualification, note, version))

    def deny(
        self,
        partner_id: str,
        customer_id: str,
        qualification: str,
        reason: str,
        note: str = "",
        version: int | None = None,
    ) -> Case:
        """Deny a case, or end an approval, and return it.

        Parameters:
            partner_id, customer_id, qualification: which case.
            reason: one of the seven public texts.
            note: for the staff.
            version: of the case that was read; `None` decides on whatever it is now.

        Raises:
            ConflictError: it does not wait for this, or somebody decided meanwhile.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.deny(partner_id, customer_id, qualification, reason, note, version))
