"""Customers and validation codes that a test brings along, as JSON or CSV. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec

from vetline.sandbox.control.requests import bad, guid_member
from vetline.store.records import Address, Billing, Code, Customer
from vetline.wire.reading import Members, folded, object_of, required_text, text_member, whole_number

MAX_ROWS = 10_000
MAX_BYTES = 8 * 1024 * 1024
_ADDRESS = ("country", "region", "city", "state", "addressLine1", "addressLine2", "postalCode")
_SEND = 'send {"customers": [{"companyName": ..., "domain": ...}], "validationCodes": [{"validationId": ...}]}.'


class Seeds(msgspec.Struct, frozen=True):
    """What is to be put into a world."""

    customers: tuple[Customer, ...]
    codes: tuple[Code, ...]


def seeds_of(body: bytes, kind: str, partners: Sequence[str], now: datetime) -> Seeds:
    """Return what a body brings along.

    Parameters:
        body: JSON, or CSV with a line of names, of customers alone.
        kind: its media type.
        partners: the tenants there are; what names none is the first one's.
        now: the moment of creation.

    Raises:
        FaultError: it cannot be read; the sentence says where.
    """
    if kind.partition(";")[0].strip().lower() == "text/csv":
        members: Members = {"customers": list(_of_csv(body))}
    else:
        members = object_of(body)
    return seeds_in(members, partners, now)


def seeds_in(members: Members, partners: Sequence[str], now: datetime) -> Seeds:
    """Return what an object's members bring along; see `seeds_of`."""
    customers = _listed(members, "customers")
    codes = _listed(members, "validationCodes")
    return Seeds(
        tuple(_customer(one, f"customers[{place}].", partners, now) for place, one in customers),
        tuple(_code(one, f"validationCodes[{place}].", partners, now) for place, one in codes),
    )


def _of_csv(body: bytes) -> Iterator[dict[str, str]]:
    try:
        lines = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        for row in lines:
            yield {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}
    except (csv.Error, UnicodeDecodeError) as error:
        raise bad(f"the CSV cannot be read: {error}.") from error


def _listed(members: Members, name: str) -> Iterator[tuple[int, Members]]:
    found = members.get(name.lower()) or []
    if not isinstance(found, list) or len(found) > MAX_ROWS or not all(isinstance(one, dict) for one in found):
        raise bad(f"{name} must be a list of at most {MAX_ROWS:,} objects: {_SEND}")
    return ((place, folded(one)) for place, one in enumerate(found))


def _customer(one: Members, within: str, partners: Sequence[str], now: datetime) -> Customer:
    name = required_text(one, "companyName", limit=200, within=within)
    domain = required_text(one, "domain", limit=253, within=within).lower()
    guid = guid_member(one, "id") or str(uuid4())
    email = text_member(one, "email", within=within) or f"admin@{domain}"
    address = Address(**_address(one, within))
    return Customer(
        partner=_partner(one, partners),
        id=guid,
        commerce_id=_beside(guid, "commerce"),
        domain=domain,
        company_name=name,
        email=email,
        address=address,
        billing=Billing(_beside(guid, "billing"), email, "en-US", "en", name, address),
        created_at=now,
    )


def _address(one: Members, within: str) -> Mapping[str, Any]:
    found = {name: text_member(one, name, limit=200, within=within) for name in _ADDRESS}
    return {
        "country": found["country"].upper() or "US",
        "region": found["region"],
        "city": found["city"],
        "state": found["state"],
        "line1": found["addressLine1"],
        "line2": found["addressLine2"],
        "postal_code": found["postalCode"],
    }


def _code(one: Members, within: str, partners: Sequence[str], now: datetime) -> Code:
    most = _number(one, "maxCreates", 5, within)
    left = _number(one, "remainingCreates", most, within)
    code = required_text(one, "validationId", limit=64, within=within)
    organization = text_member(one, "organizationName", limit=200, within=within)
    return Code(_partner(one, partners), code, organization, most, left, changed_at=now)


def _number(one: Members, name: str, default: int, within: str) -> int:
    value = one.get(name.lower())
    found = default if value is None else whole_number(value)
    if found is None or not 0 <= found <= 1_000_000:
        raise bad(f"{within}{name} must be a whole number from 0 to 1,000,000.")
    return found


def _partner(one: Members, partners: Sequence[str]) -> str:
    wanted = guid_member(one, "partnerTenantId") or partners[0]
    if wanted not in partners:
        raise bad(f"partnerTenantId must be a partner of this world: {', '.join(partners)}.")
    return wanted


def _beside(guid: str, what: str) -> str:
    return str(uuid5(UUID(guid), what))
