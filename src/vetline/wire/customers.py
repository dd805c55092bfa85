"""The messages of customers and their profiles.

Sources: https://learn.microsoft.com/partner-center/developer/get-a-customer-by-id (7/31/2023),
https://learn.microsoft.com/partner-center/developer/create-a-customer (07/28/2023),
https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers (07/28/2023)
"""

from typing import Any

import msgspec

from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.reading import Members, folded, object_of, required_text, text_member


class Header(msgspec.Struct):
    """A header that a link asks its follower to send."""

    key: str
    value: str


class Link(msgspec.Struct):
    """A link. Its uri is root-relative and without /v1: the .NET, Java and open clients all follow that form."""

    uri: str
    method: str = "GET"
    headers: list[Header] = msgspec.field(default_factory=list)


class Links(msgspec.Struct, omit_defaults=True):
    """The links of a resource or a collection."""

    self: Link
    next: Link | None = None


class Attributes(msgspec.Struct, rename="camel", omit_defaults=True):
    """What kind of resource this is, and the tag to send back when changing it."""

    object_type: str
    etag: str | None = None


class AddressView(msgspec.Struct, rename="camel", omit_defaults=True):
    """An address; what is empty is left out."""

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


class CompanyProfileView(msgspec.Struct, rename="camel", omit_defaults=True):
    """A customer's company profile; lists carry it without address and e-mail."""

    tenant_id: str
    domain: str
    company_name: str
    attributes: Attributes
    address: AddressView | None = None
    email: str = ""
    links: Links | None = None


class BillingProfileView(msgspec.Struct, rename="camel", omit_defaults=True):
    """A customer's billing profile, with the tag that a change must match."""

    id: str
    email: str
    culture: str
    language: str
    company_name: str
    default_address: AddressView
    attributes: Attributes
    first_name: str = ""
    last_name: str = ""
    links: Links | None = None


class UserCredentials(msgspec.Struct, rename="camel"):
    """The first administrator's credentials, shown once in the answer that creates the customer."""

    user_name: str
    password: str


class CustomerView(msgspec.Struct, rename="camel", omit_defaults=True):
    """A customer. No version of it carries a qualification."""

    id: str
    company_profile: CompanyProfileView
    attributes: Attributes
    relationship_to_partner: str
    commerce_id: str = ""
    billing_profile: BillingProfileView | None = None
    allow_delegated_access: bool | None = None
    custom_domains: list[str] | None = None
    user_credentials: UserCredentials | None = None
    links: Links | None = None


class CustomerCollection(msgspec.Struct, rename="camel", omit_defaults=True):
    """A page of customers; `totalCount` counts the page, as the .NET client documents it."""

    total_count: int
    items: list[CustomerView]
    links: Links
    attributes: Attributes
    continuation_token: str = ""


class ValidationStatusView(msgspec.Struct, rename="camel"):
    """Whether a customer may transact: the vetting of its account, which is not that of its qualifications.

    Source: https://learn.microsoft.com/partner-center/developer/get-customer-validation-status (10/27/2021)
    """

    type: str
    status: str
    last_update_date_time: str


class BillingRequest(msgspec.Struct, frozen=True):
    """A billing profile as a client sends it, checked."""

    email: str
    culture: str
    language: str
    company_name: str
    address: AddressView
    first_name: str
    last_name: str
    etag: str


class CustomerRequest(msgspec.Struct, frozen=True):
    """A new customer as a client sends it, checked."""

    domain: str
    company_name: str
    email: str
    address: AddressView
    billing: BillingRequest


def read_customer(body: bytes) -> CustomerRequest:
    """Return the customer that a POST describes; what the company profile lacks comes from the billing profile.

    Raises:
        FaultError: InvalidProperty naming the first member that is missing or wrong, or MalformedJson.
    """
    members = object_of(body)
    company = folded(members.get("companyprofile"))
    billing = _billing(folded(members.get("billingprofile")), "BillingProfile.")
    given = folded(company.get("address"))
    return CustomerRequest(
        domain=required_text(company, "Domain", limit=253, within="CompanyProfile.").lower(),
        company_name=text_member(company, "CompanyName", within="CompanyProfile.", limit=256) or billing.company_name,
        email=text_member(company, "Email", within="CompanyProfile.", limit=320) or billing.email,
        address=_address(given, "CompanyProfile.Address.") if given else billing.address,
        billing=billing,
    )


def read_billing(body: bytes) -> BillingRequest:
    """Return the billing profile that a PUT carries.

    Raises:
        FaultError: InvalidProperty naming the first member that is missing or wrong, or MalformedJson.
    """
    return _billing(object_of(body), "")


def _billing(members: Members, within: str) -> BillingRequest:
    return BillingRequest(
        email=required_text(members, "Email", limit=320, within=within),
        culture=required_text(members, "Culture", limit=32, within=within),
        language=required_text(members, "Language", limit=32, within=within),
        company_name=required_text(members, "CompanyName", limit=256, within=within),
        address=_address(_required_object(members, "DefaultAddress", within), f"{within}DefaultAddress."),
        first_name=text_member(members, "FirstName", within=within, limit=128),
        last_name=text_member(members, "LastName", within=within, limit=128),
        etag=text_member(folded(members.get("attributes")), "etag", limit=128),
    )


def _address(members: Members, within: str) -> AddressView:
    country = required_text(members, "Country", limit=64, within=within).upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {within}Country must be a two-letter ISO code.")
    rest = {name: text_member(members, wire, within=within, limit=256) for name, wire in _ADDRESS_MEMBERS.items()}
    return AddressView(country=country, **rest)


_ADDRESS_MEMBERS = {
    "region": "Region",
    "city": "City",
    "state": "State",
    "address_line1": "AddressLine1",
    "address_line2": "AddressLine2",
    "postal_code": "PostalCode",
    "first_name": "FirstName",
    "last_name": "LastName",
    "phone_number": "PhoneNumber",
}


def _required_object(members: Members, name: str, within: str) -> Members:
    value: Any = members.get(name.lower())
    if not isinstance(value, dict) or not value:
        raise FaultError(faults.INVALID_PROPERTY, f"Invalid property: {within}{name} is required.")
    return folded(value)
