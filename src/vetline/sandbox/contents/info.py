"""What /sandbox/info says: everything a client needs to begin, secrets included, for they protect nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vetline.sandbox.contents.directory import Directory, SandboxTenant
from vetline.sandbox.contents.seeding import Seeds
from vetline.store.port import Store
from vetline.store.records import Code, Customer, CustomerQuery

MAX_CUSTOMERS = 200
_LISTED = CustomerQuery(MAX_CUSTOMERS)


async def info(store: Store, directory: Directory, base: str, ca_file: Path | None = None) -> dict[str, Any]:
    """Return the description of a sandbox.

    Parameters:
        store: where its customers and codes are; at most 200 customers of each partner are listed.
        directory: its people.
        base: the address at which it is reached.
        ca_file: the certificate authority to trust for it; `None` without TLS.
    """
    partners = [tenant.tenant_id for tenant in directory.partners]
    customers = [one for partner in partners for one in await store.customers(partner, _LISTED)]
    codes = [one for partner in partners for one in await store.codes(partner)]
    return info_with(Seeds(tuple(customers), tuple(codes)), directory, base, ca_file)


def info_with(held: Seeds, directory: Directory, base: str, ca_file: Path | None = None) -> dict[str, Any]:
    """Return the description of a sandbox that holds nothing but these customers and codes; see `info`."""
    return {
        "partners": [_partner(tenant, held.codes) for tenant in directory.partners],
        "customers": [one for tenant in directory.partners for one in _customers(tenant, held.customers)],
        "reviewDesk": _people(directory.desk),
        "endpoints": _endpoints(base, ca_file),
    }


def _endpoints(base: str, ca_file: Path | None) -> dict[str, str]:
    endpoints = {"api": base, "authority": base, "console": f"{base}/console/"}
    return endpoints | ({"caFile": str(ca_file)} if ca_file else {})


def _partner(tenant: SandboxTenant, codes: Sequence[Code]) -> dict[str, Any]:
    told = [
        {
            "validationId": code.code,
            "organizationName": code.organization,
            "maxCreates": code.max_creates,
            "remainingCreates": code.remaining,
        }
        for code in codes
        if code.partner == tenant.tenant_id
    ]
    return {**_people(tenant), "validationCodes": told}


def _customers(tenant: SandboxTenant, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    theirs = (one for one in customers if one.partner == tenant.tenant_id)
    return [_customer(one) for one in sorted(theirs, key=_LISTED.place_of)]


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "partnerTenantId": customer.partner,
        "companyName": customer.company_name,
        "domain": customer.domain,
    }


def _people(tenant: SandboxTenant) -> dict[str, Any]:
    return {
        "tenantId": tenant.tenant_id,
        "name": tenant.name,
        "applications": [
            {"clientId": one.client_id, "clientSecret": one.client_secret, "name": one.name}
            for one in tenant.applications
            if one.client_secret
        ],
        "publicApplications": [
            {"clientId": one.client_id, "name": one.name} for one in tenant.applications if not one.client_secret
        ],
        "users": [
            {"username": user.username, "password": user.password, "mfa": user.mfa, "roles": list(user.roles)}
            for user in tenant.users
        ],
    }
