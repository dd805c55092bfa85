"""What /sandbox/info says: everything a client needs to begin, secrets included, for they protect nothing."""

from pathlib import Path
from typing import Any

from vetline.sandbox.contents.directory import Directory, SandboxTenant
from vetline.store.port import Store
from vetline.store.records import Customer, CustomerQuery

MAX_CUSTOMERS = 200


async def info(store: Store, directory: Directory, base: str, ca_file: Path | None = None) -> dict[str, Any]:
    """Return the description of a sandbox.

    Parameters:
        store: where its customers and codes are; at most 200 customers of each partner are listed.
        directory: its people.
        base: the address at which it is reached.
        ca_file: the certificate authority to trust for it; `None` without TLS.
    """
    partners = directory.partners
    return {
        "partners": [await _partner(store, tenant) for tenant in partners],
        "customers": [customer for tenant in partners for customer in await _customers(store, tenant)],
        "reviewDesk": _people(directory.desk),
        "endpoints": _endpoints(base, ca_file),
    }


def _endpoints(base: str, ca_file: Path | None) -> dict[str, str]:
    endpoints = {"api": base, "authority": base, "console": f"{base}/console/"}
    return endpoints | ({"caFile": str(ca_file)} if ca_file else {})


async def _partner(store: Store, tenant: SandboxTenant) -> dict[str, Any]:
    codes = [
        {
            "validationId": code.code,
            "organizationName": code.organization,
            "maxCreates": code.max_creates,
            "remainingCreates": code.remaining,
        }
        for code in await store.codes(tenant.tenant_id)
    ]
    return {**_people(tenant), "validationCodes": codes}


async def _customers(store: Store, tenant: SandboxTenant) -> list[dict[str, Any]]:
    found = await store.customers(tenant.tenant_id, CustomerQuery(MAX_CUSTOMERS))
    return [_customer(customer) for customer in found]


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
