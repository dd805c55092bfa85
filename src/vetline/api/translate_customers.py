"""Customers and their profiles, between the wire's words and ours."""

import uuid
from datetime import UTC, datetime
from urllib.parse import quote

from vetline.store.records import Address, Billing, Customer, CustomerQuery
from vetline.wire.customers import (
    AddressView,
    Attributes,
    BillingProfileView,
    BillingRequest,
    CompanyProfileView,
    CustomerCollection,
    CustomerRequest,
    CustomerView,
    Header,
    Link,
    Links,
    UserCredentials,
    ValidationStatusView,
)
from vetline.wire.paging import EQUALS, PageRequest, continuation_token
from vetline.wire.reading import json_text

_UNSET = datetime(1970, 1, 1, tzinfo=UTC)

ACCOUNT = "account"

# After the domains that Microsoft gives to every tenant there is nothing custom.
_DEFAULT_DOMAINS = (".onmicrosoft.com", ".ccsctp.net")


def customer_of(wanted: CustomerRequest, partner: str) -> Customer:
    """Return a new customer; its identifiers are made here."""
    return Customer(
        partner=partner,
        id=str(uuid.uuid4()),
        commerce_id=str(uuid.uuid4()),
        domain=wanted.domain,
        company_name=wanted.company_name,
        email=wanted.email,
        address=address_of(wanted.address),
        billing=billing_of(wanted.billing, str(uuid.uuid4())),
        created_at=_UNSET,
    )


def address_of(view: AddressView) -> Address:
    """Return an address in our words."""
    return Address(
        country=view.country,
        region=view.region,
        city=view.city,
        state=view.state,
        line1=view.address_line1,
        line2=view.address_line2,
        postal_code=view.postal_code,
        first_name=view.first_name,
        last_name=view.last_name,
        phone_number=view.phone_number,
    )


def billing_of(wanted: BillingRequest, profile_id: str) -> Billing:
    """Return a billing profile in our words."""
    return Billing(
        id=profile_id,
        email=wanted.email,
        culture=wanted.culture,
        language=wanted.language,
        company_name=wanted.company_name,
        address=address_of(wanted.address),
        first_name=wanted.first_name,
        last_name=wanted.last_name,
    )


def created_view(customer: Customer, password: str, root: str = "") -> CustomerView:
    """Return the answer to a creation: without a relationship yet, with the credentials that are shown once.

    Source: https://learn.microsoft.com/partner-center/developer/create-a-customer (sample)
    """
    view = customer_view(customer, root)
    view.relationship_to_partner = "none"
    view.user_credentials = UserCredentials("admin", password)
    return view


def customer_view(customer: Customer, root: str = "") -> CustomerView:
    """Return a customer with everything that is known of it.

    Parameters:
        root: what its links begin with.
    """
    return CustomerView(
        id=customer.id,
        commerce_id=customer.commerce_id,
        company_profile=company_view(customer, root),
        billing_profile=billing_view(customer, root),
        relationship_to_partner="reseller",
        allow_delegated_access=True,
        custom_domains=[] if customer.domain.endswith(_DEFAULT_DOMAINS) else [customer.domain],
        links=_self(f"{root}/customers/{customer.id}"),
        attributes=Attributes("Customer"),
    )


def company_view(customer: Customer, root: str = "") -> CompanyProfileView:
    """Return a company profile."""
    return CompanyProfileView(
        tenant_id=customer.id,
        domain=customer.domain,
        company_name=customer.company_name,
        address=_address_view(customer.address),
        email=customer.email,
        links=_self(f"{root}/customers/{customer.id}/profiles/company"),
        attributes=Attributes("CustomerCompanyProfile"),
    )


def billing_view(customer: Customer, root: str = "") -> BillingProfileView:
    """Return a billing profile with its etag."""
    billing = customer.billing
    return BillingProfileView(
        id=billing.id,
        first_name=billing.first_name,
        last_name=billing.last_name,
        email=billing.email,
        culture=billing.culture,
        language=billing.language,
        company_name=billing.company_name,
        default_address=_address_view(billing.address),
        links=_self(f"{root}/customers/{customer.id}/profiles/billing"),
        attributes=Attributes("CustomerBillingProfile", str(customer.version)),
    )


def validation_view(customer: Customer) -> ValidationStatusView:
    """Return the status of a customer's account: every customer here may transact since it was created.

    Source: https://learn.microsoft.com/partner-center/developer/get-customer-validation-status (sample: no zone)
    """
    since = customer.created_at.replace(tzinfo=None).isoformat(timespec="seconds")
    return ValidationStatusView(ACCOUNT, "Allowed", since)


def collection_view(
    customers: list[Customer], page: PageRequest, filter_text: str, more: bool, root: str = ""
) -> CustomerCollection:
    """Return a page; its items carry only company profile and relationship.

    Parameters:
        customers: the page.
        page: what was asked for.
        filter_text: the filter as the client wrote it, for the links.
        more: whether another page follows.
        root: what its links begin with.
    """
    query = f"{root}/customers?size={page.size}" + (f"&filter={quote(filter_text)}" if filter_text else "")
    links = Links(Link(query))
    token = ""
    if more:
        token = continuation_token(page, *customer_query(page).place_of(customers[-1]))
        headers = [Header("MS-ContinuationToken", token)]
        links.next = Link(f"{query}&seekOperation=Next", headers=headers)
    items = [_item(customer, root) for customer in customers]
    return CustomerCollection(len(items), items, links, Attributes("Collection"), token)


def filter_text_of(page: PageRequest) -> str:
    """Return a page's filter as its links carry it; empty when there is none."""
    wanted = page.filter
    if wanted is None:
        return ""
    return json_text({"Field": wanted.field, "Value": wanted.value, "Operator": wanted.operator})


def customer_query(page: PageRequest) -> CustomerQuery:
    """Return a page in our words, one longer than asked so that it shows whether more follows."""
    wanted = page.filter
    if wanted is None:
        return CustomerQuery(page.size + 1, after=page.after)
    field = "domain" if wanted.field == "Domain" else "name"
    return CustomerQuery(page.size + 1, field, wanted.value, wanted.operator == EQUALS, page.after)


def _item(customer: Customer, root: str) -> CustomerView:
    company = CompanyProfileView(
        tenant_id=customer.id,
        domain=customer.domain,
        company_name=customer.company_name,
        links=_self(f"{root}/customers/{customer.id}/profiles/company"),
        attributes=Attributes("CustomerCompanyProfile"),
    )
    return CustomerView(
        id=customer.id,
        company_profile=company,
        relationship_to_partner="reseller",
        links=_self(f"{root}/customers/{customer.id}"),
        attributes=Attributes("Customer"),
    )


def _self(uri: str) -> Links:
    return Links(Link(uri))


def _address_view(address: Address) -> AddressView:
    return AddressView(
        country=address.country,
        region=address.region,
        city=address.city,
        state=address.state,
        address_line1=address.line1,
        address_line2=address.line2,
        postal_code=address.postal_code,
        first_name=address.first_name,
        last_name=address.last_name,
        phone_number=address.phone_number,
    )
