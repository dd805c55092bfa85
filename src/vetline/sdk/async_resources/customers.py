"""Customers and their profiles, awaited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vetline.sdk.async_resources.qualifications import AsyncQualification
from vetline.sdk.models.customers import BillingProfile, CompanyProfile, Customer, CustomerFilter, NewCustomer
from vetline.sdk.models.qualifications import ValidationRelation
from vetline.sdk.operations import customers, qualifications
from vetline.sdk.walking import AsyncPager

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter


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
