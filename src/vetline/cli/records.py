"""What the client hands out, as records: the names of the CSV columns, the same in every format."""

from typing import Any

import msgspec

from vetline.sdk.models.customers import Customer
from vetline.sdk.models.qualifications import CustomerQualification, ValidationCode

QUALIFICATION = ("customer_id", "qualification", "vetting_status", "vetting_reason", "vetting_create_date")
CUSTOMER = ("customer_id", "company_name", "domain", "relationship_to_partner")
CODE = ("validation_id", "organization_name", "max_creates", "remaining_creates")
CASE = ("partner_id", "customer_id", "qualification", "stage", "submitted_date", "company_name", "domain", "country")


def qualification_record(customer_id: str, found: CustomerQualification) -> dict[str, Any]:
    """Return a customer's qualification as a record."""
    return {"customer_id": customer_id, **fields(found)}


def customer_record(found: Customer) -> dict[str, Any]:
    """Return a customer of a list as a record."""
    return {
        "customer_id": found.id,
        "company_name": found.company_name,
        "domain": found.domain,
        "relationship_to_partner": found.relationship_to_partner,
    }


def whole_customer(found: Customer) -> dict[str, Any]:
    """Return everything that is said of a customer."""
    told = without_empty(fields(found))
    told.pop("id", None)
    return customer_record(found) | told


def code_record(found: ValidationCode) -> dict[str, Any]:
    """Return a validation code as a record."""
    return fields(found)


def fields(found: msgspec.Struct) -> dict[str, Any]:
    """Return the fields of a value, without the raw members it was read from."""
    told: dict[str, Any] = _without_raw(msgspec.to_builtins(found))
    return told


def _without_raw(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _without_raw(value) for name, value in told.items() if name != "raw"}
    return [_without_raw(one) for one in told] if isinstance(told, list | tuple) else told


def without_empty(told: dict[str, Any]) -> dict[str, Any]:
    """Return a record without the members that say nothing, also inside."""
    inner = {name: without_empty(value) if isinstance(value, dict) else value for name, value in told.items()}
    return {name: value for name, value in inner.items() if value not in ("", None, {}, [], ())}
