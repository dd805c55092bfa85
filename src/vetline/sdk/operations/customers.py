"""Customers and their profiles."""

from collections.abc import Mapping
from typing import Any

import msgspec

from vetline.sdk import reading
from vetline.sdk.errors import InvalidArgumentError
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.audit import AuditFilter
from vetline.sdk.models.customers import (
    ADDRESS,
    Address,
    BillingProfile,
    CompanyProfile,
    Customer,
    CustomerFilter,
    NewCustomer,
    billing_in,
    company_in,
    customer_in,
)
from vetline.sdk.models.paging import Follow, Page, page_in
from vetline.sdk.operations.following import headers_of, path_of
from vetline.sdk.operations.operation import Operation, filled
from vetline.wire.reading import Members, folded

CUSTOMERS = "/v1/customers"
CUSTOMER = "/v1/customers/{customer_id}"
COMPANY = "/v1/customers/{customer_id}/profiles/company"
BILLING = "/v1/customers/{customer_id}/profiles/billing"

# https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers asks for a size; 500 is the largest page.
PAGE_SIZE = 500


def list_customers(size: int | None = None, wanted: CustomerFilter | None = None) -> Operation[Page[Customer]]:
    """Return the operation that reads the first page of customers.

    https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers

    Raises:
        InvalidArgumentError: the size is less than 1.
    """
    if size is not None and size < 1:
        raise InvalidArgumentError("size must be at least 1.")
    query: dict[str, str | int | None] = {"size": size or PAGE_SIZE, "filter": filter_text(wanted)}
    return _page(filled(CUSTOMERS, query), {})


def more_customers(follow: Follow) -> Operation[Page[Customer]]:
    """Return the operation that follows a page's link to the next one.

    Raises:
        UnreadableAnswerError: it cannot be followed.
    """
    return _page(path_of(follow), headers_of(follow))


def get_customer(customer_id: str) -> Operation[Customer]:
    """Return the operation that reads one customer.

    https://learn.microsoft.com/partner-center/developer/get-a-customer-by-id
    """
    return Operation(
        name="customers.get",
        method="GET",
        route=CUSTOMER,
        path=filled(CUSTOMER, customer_id=customer_id),
        read=lambda answer: customer_in(members_in(answer)),
    )


def create_customer(customer: NewCustomer | Mapping[str, Any], request_id: str = "") -> Operation[Customer]:
    """Return the operation that creates a customer.

    https://learn.microsoft.com/partner-center/developer/create-a-customer: repeating it under one MS-RequestId is safe.

    Raises:
        InvalidArgumentError: it is no customer.
    """
    return Operation(
        name="customers.create",
        method="POST",
        route=CUSTOMERS,
        path=CUSTOMERS,
        body=_new_customer(customer),
        read=lambda answer: customer_in(members_in(answer)),
        request_id=request_id,
    )


def delete_customer(customer_id: str) -> Operation[None]:
    """Return the operation that deletes a customer, which only a sandbox allows.

    https://learn.microsoft.com/partner-center/developer/delete-a-customer-account-from-the-integration-sandbox
    """
    return Operation(
        name="customers.delete",
        method="DELETE",
        route=CUSTOMER,
        path=filled(CUSTOMER, customer_id=customer_id),
        read=lambda answer: None,
        gone_is_done=True,
    )


def get_company_profile(customer_id: str) -> Operation[CompanyProfile]:
    """Return the operation that reads a company profile.

    https://learn.microsoft.com/partner-center/developer/get-a-customer-s-company-profile
    """
    return Operation(
        name="profiles.company.get",
        method="GET",
        route=COMPANY,
        path=filled(COMPANY, customer_id=customer_id),
        read=lambda answer: company_in(members_in(answer)),
    )


def get_billing_profile(customer_id: str) -> Operation[BillingProfile]:
    """Return the operation that reads a billing profile.

    https://learn.microsoft.com/partner-center/developer/get-a-customer-s-billing-profile
    """
    return Operation(
        name="profiles.billing.get",
        method="GET",
        route=BILLING,
        path=filled(BILLING, customer_id=customer_id),
        read=lambda answer: billing_in(members_in(answer)),
    )


def update_billing_profile(
    customer_id: str, profile: BillingProfile, request_id: str = ""
) -> Operation[BillingProfile]:
    """Return the operation that replaces a billing profile, unless somebody changed it since it was read.

    The documents ask for `If-Match`, every known client sends the tag in the body: both go out.
    https://learn.microsoft.com/partner-center/developer/update-a-customer-s-billing-profile
    """
    return Operation(
        name="profiles.billing.update",
        method="PUT",
        route=BILLING,
        path=filled(BILLING, customer_id=customer_id),
        body=_billing(profile),
        headers={"If-Match": profile.etag} if profile.etag else {},
        read=lambda answer: billing_in(members_in(answer)),
        request_id=request_id,
    )


def members_in(answer: RawAnswer) -> Members:
    """Return the members of an answer that must be an object, under their lower-case names.

    Raises:
        ValueError: it is none.
    """
    value = reading.json_in(answer)
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    return folded(value)


def filter_text(wanted: CustomerFilter | AuditFilter | None) -> str:
    """Return a filter as the wire has it: JSON in the query.

    Raises:
        InvalidArgumentError: it cannot be written.
    """
    if wanted is None:
        return ""
    members = {"Field": wanted.field, "Value": wanted.value, "Operator": wanted.operator}
    try:
        return msgspec.json.encode(members).decode()
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"The filter cannot be sent: {error}") from error


def _page(path: str, headers: Mapping[str, str]) -> Operation[Page[Customer]]:
    return Operation(
        name="customers.list",
        method="GET",
        route=CUSTOMERS,
        path=path,
        headers=headers,
        read=lambda answer: page_in(reading.json_in(answer), customer_in),
    )


def _new_customer(customer: NewCustomer | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(customer, Mapping):
        return dict(customer)
    if not isinstance(customer, NewCustomer):
        raise InvalidArgumentError("Create a customer from a NewCustomer, or from a mapping in the wire's form.")
    billing = BillingProfile(
        email=customer.email,
        culture=customer.culture,
        language=customer.language,
        company_name=customer.company_name,
        default_address=customer.address,
        first_name=customer.first_name,
        last_name=customer.last_name,
    )
    company = {
        "domain": customer.domain,
        "companyName": customer.company_name,
        "email": customer.email,
        "address": _address(customer.address),
    }
    return {"companyProfile": company, "billingProfile": _billing(billing)}


def _billing(profile: BillingProfile) -> dict[str, Any]:
    body = {
        "id": profile.id,
        "firstName": profile.first_name,
        "lastName": profile.last_name,
        "email": profile.email,
        "culture": profile.culture,
        "language": profile.language,
        "companyName": profile.company_name,
        "defaultAddress": _address(profile.default_address),
        "attributes": {"etag": profile.etag, "objectType": "CustomerBillingProfile"} if profile.etag else None,
    }
    return {name: value for name, value in body.items() if value}


def _address(address: Address) -> dict[str, str]:
    return {wire: getattr(address, name) for name, wire in ADDRESS.items() if getattr(address, name)}
