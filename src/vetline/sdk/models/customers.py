"""Customers and their profiles."""

from collections.abc import Mapping
from typing import Any

from vetline.sdk import reading
from vetline.sdk.models.model import Model
from vetline.wire.reading import Members


class Address(Model, frozen=True, kw_only=True):
    """An address; what is empty is not sent.

    Parameters:
        country: the two-letter ISO code, ``GB`` rather than ``UK``.
    """

    country: str = ""
    region: str = ""
    city: str = ""
    state: str = ""
    address_line1: str = ""
    address_line2: str = ""
    postal_code: str = ""
    first_name: str = ""
    last_name: str = ""
    phone_number: str = ""


class CompanyProfile(Model, frozen=True, kw_only=True):
    """A customer's company profile.

    https://learn.microsoft.com/partner-center/developer/get-a-customer-s-company-profile
    """

    tenant_id: str = ""
    domain: str = ""
    company_name: str = ""
    email: str = ""
    address: Address = Address()
    raw: Mapping[str, Any] = {}


class BillingProfile(Model, frozen=True, kw_only=True):
    """A customer's billing profile. Change it with `msgspec.structs.replace` and hand it to `billing.update`.

    https://learn.microsoft.com/partner-center/developer/get-a-customer-s-billing-profile

    Parameters:
        etag: what a change must match, so that two people do not undo each other's work.
    """

    email: str
    culture: str
    language: str
    company_name: str
    default_address: Address
    first_name: str = ""
    last_name: str = ""
    id: str = ""
    etag: str = ""
    raw: Mapping[str, Any] = {}


class Customer(Model, frozen=True, kw_only=True):
    """A customer. It carries no qualification in any version: ask `by_id(id).qualification`.

    https://learn.microsoft.com/partner-center/developer/get-a-customer-by-id

    Parameters:
        id: the customer's tenant, a GUID.
        company_profile: in a list without address and e-mail.
        billing_profile: `None` in a list.
        relationship_to_partner: ``reseller``, ``none`` ...
        custom_domains: the verified domains; empty when they are not told.
        user_name, password: the first administrator's, only in the answer that creates the customer.
        raw: every member that came, under its name in lower case.
    """

    id: str
    company_profile: CompanyProfile
    billing_profile: BillingProfile | None = None
    relationship_to_partner: str = ""
    commerce_id: str = ""
    allow_delegated_access: bool | None = None
    custom_domains: tuple[str, ...] = ()
    user_name: str = ""
    password: str = ""
    raw: Mapping[str, Any] = {}

    @property
    def company_name(self) -> str:
        """The company's name."""
        return self.company_profile.company_name

    @property
    def domain(self) -> str:
        """The primary domain."""
        return self.company_profile.domain


class NewCustomer(Model, frozen=True, kw_only=True):
    """A customer to create.

    https://learn.microsoft.com/partner-center/developer/create-a-customer

    Parameters:
        domain: the primary domain, such as ``contoso.onmicrosoft.com``; it cannot be changed later.
        company_name: the legal name.
        email: of the billing contact.
        address: the company's; its country and address decide much of the vetting.
        culture: such as ``en-US``.
        language: such as ``en``.
        first_name, last_name: the billing contact's.
    """

    domain: str
    company_name: str
    email: str
    address: Address
    culture: str = "en-US"
    language: str = "en"
    first_name: str = ""
    last_name: str = ""


class CustomerFilter(Model, frozen=True):
    """Which customers are wanted; case does not count.

    https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers-by-filter

    Parameters:
        field: ``CompanyName`` or ``Domain``.
        value: what it begins with, or equals.
        operator: ``starts_with`` or ``equals``.
    """

    field: str
    value: str
    operator: str = "starts_with"


def customer_in(members: Members) -> Customer:
    """Return a customer from its members under their lower-case names."""
    billing = reading.inner(members, "billingProfile")
    credentials = reading.inner(members, "userCredentials")
    company = company_in(reading.inner(members, "companyProfile"))
    return Customer(
        id=reading.text(members, "id") or company.tenant_id,
        company_profile=company,
        billing_profile=billing_in(billing) if billing else None,
        relationship_to_partner=reading.text(members, "relationshipToPartner"),
        commerce_id=reading.text(members, "commerceId"),
        allow_delegated_access=reading.truth(members, "allowDelegatedAccess"),
        custom_domains=tuple(reading.texts(members.get("customdomains"))),
        user_name=reading.text(credentials, "userName"),
        password=reading.text(credentials, "password"),
        raw=members,
    )


def company_in(members: Members) -> CompanyProfile:
    """Return a company profile from its members under their lower-case names."""
    return CompanyProfile(
        tenant_id=reading.text(members, "tenantId"),
        domain=reading.text(members, "domain"),
        company_name=reading.text(members, "companyName"),
        email=reading.text(members, "email"),
        address=address_in(reading.inner(members, "address")),
        raw=members,
    )


def billing_in(members: Members) -> BillingProfile:
    """Return a billing profile from its members under their lower-case names."""
    return BillingProfile(
        email=reading.text(members, "email"),
        culture=reading.text(members, "culture"),
        language=reading.text(members, "language"),
        company_name=reading.text(members, "companyName"),
        default_address=address_in(reading.inner(members, "defaultAddress")),
        first_name=reading.text(members, "firstName"),
        last_name=reading.text(members, "lastName"),
        id=reading.text(members, "id"),
        etag=reading.text(reading.inner(members, "attributes"), "etag"),
        raw=members,
    )


def address_in(members: Members) -> Address:
    """Return an address from its members under their lower-case names."""
    return Address(**{name: reading.text(members, wire) for name, wire in ADDRESS.items()})


# Our names and the wire's.
ADDRESS: Mapping[str, str] = {
    name: "".join(part.capitalize() if place else part for place, part in enumerate(name.split("_")))
    for name in Address.__struct_fields__
}
