"""Customers and their profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vetline.sdk.models.customers import BillingProfile, CompanyProfile, Customer, CustomerFilter, NewCustomer
from vetline.sdk.models.qualifications import ValidationRelation
from vetline.sdk.operations import customers, qualifications
from vetline.sdk.resources.qualifications import Qualification
from vetline.sdk.walking import Pager

if TYPE_CHECKING:
    from vetline.sdk.client import PartnerCenter


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
