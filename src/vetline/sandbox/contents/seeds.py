"""Who is in a fresh sandbox: two partners that share nothing, and the desk that reviews for both. Ids never change."""

from dataclasses import replace
from functools import cache
from uuid import UUID, uuid5

from vetline.identity.caller import ADMINISTRATOR, REVIEWER
from vetline.sandbox.contents.directory import Directory, SandboxApplication, SandboxTenant, SandboxUser

CONTOSO_TENANT = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
FABRIKAM_TENANT = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
OPERATOR_TENANT = "5c9e7d3a-2b64-4f1e-9a7c-1d8e4b6f0a93"

# The pages' application, which the people of all tenants sign in to.
CONSOLE_APPLICATION = "0e7d0003-7f40-4d91-9053-9c8e6fa12d31"

# What a partner's agent holds, and what the government qualification asks for.
# https://learn.microsoft.com/partner-center/developer/update-a-customer-s-qualifications
_PARTNER_ROLES = ("AdminAgents", "DirectoryReaders", "UserAdministrator")


@cache
def seeded_directory() -> Directory:
    """Return the directory of a fresh sandbox.

    Returns:
        Contoso and Fabrikam, each with a user with MFA, one without, a confidential application and a public one;
        and the operator's tenant with a reviewer, an administrator and the console's application.
    """
    return Directory((_contoso(), _fabrikam()), _operator())


def directory_of(world: UUID) -> Directory:
    """Return the same people under names and ids that no other world has; they are made of the world's own.

    Parameters:
        world: its number; the first eight digits are in its domains.
    """
    seeded = seeded_directory()
    return Directory((_moved(tenant, world) for tenant in seeded.partners), _moved(seeded.desk, world))


def _moved(tenant: SandboxTenant, world: UUID) -> SandboxTenant:
    host, _, rest = tenant.domain.partition(".")
    domain = f"{host}-{world.hex[:8]}.{rest}"

    def moved(guid: str) -> str:
        return str(uuid5(world, guid))

    users = (
        replace(user, username=user.username.replace(tenant.domain, domain), object_id=moved(user.object_id))
        for user in tenant.users
    )
    applications = (replace(one, client_id=moved(one.client_id)) for one in tenant.applications)
    return replace(
        tenant,
        tenant_id=moved(tenant.tenant_id),
        domain=domain,
        users=tuple(users),
        applications=tuple(applications),
    )


def _contoso() -> SandboxTenant:
    domain = "contoso.onmicrosoft.com"
    return SandboxTenant(
        tenant_id=CONTOSO_TENANT,
        name="Contoso, Inc.",
        domain=domain,
        users=(
            _agent(f"ada@{domain}", "a1d0c2f4-93b5-4e1a-8c6d-0b7f52e91c01", mfa=True),
            _agent(f"bob@{domain}", "a1d0c2f4-93b5-4e1a-8c6d-0b7f52e91c02", mfa=False),
        ),
        applications=(
            SandboxApplication("c0a80001-5d2e-4b7f-9e31-7a6c4d8f0b11", "contoso-sandbox-secret", "Contoso Marketplace"),
            SandboxApplication("c0a80001-5d2e-4b7f-9e31-7a6c4d8f0b12", None, "Contoso Desktop"),
        ),
    )


def _fabrikam() -> SandboxTenant:
    domain = "fabrikam.onmicrosoft.com"
    return SandboxTenant(
        tenant_id=FABRIKAM_TENANT,
        name="Fabrikam, Inc.",
        domain=domain,
        users=(
            _agent(f"carol@{domain}", "b2e1d3a5-84c6-4f2b-9d7e-1c8063fa2d01", mfa=True),
            _agent(f"dave@{domain}", "b2e1d3a5-84c6-4f2b-9d7e-1c8063fa2d02", mfa=False),
        ),
        applications=(
            SandboxApplication("fab50002-6e3f-4c80-8f42-8b7d5e901c21", "fabrikam-sandbox-secret", "Fabrikam Portal"),
            SandboxApplication("fab50002-6e3f-4c80-8f42-8b7d5e901c22", None, "Fabrikam Desktop"),
        ),
    )


def _operator() -> SandboxTenant:
    domain = "review.vetline.example"
    return SandboxTenant(
        tenant_id=OPERATOR_TENANT,
        name="Vetline Review Desk",
        domain=domain,
        users=(
            SandboxUser(f"rae@{domain}", "sandbox", True, (REVIEWER,), "d4f3f5c7-66e8-4b4d-8f90-3ea285bc4f01"),
            SandboxUser(
                f"max@{domain}", "sandbox", True, (REVIEWER, ADMINISTRATOR), "d4f3f5c7-66e8-4b4d-8f90-3ea285bc4f02"
            ),
        ),
        applications=(SandboxApplication(CONSOLE_APPLICATION, None, "Vetline", multi_tenant=True),),
    )


def _agent(username: str, object_id: str, *, mfa: bool) -> SandboxUser:
    return SandboxUser(username, "sandbox", mfa, _PARTNER_ROLES, object_id)
