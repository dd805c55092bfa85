"""The sandbox's tenants with their people and applications. Values and look-ups; nothing here issues anything.

An application belongs to one tenant. Secrets are public by design: the sandbox prints them.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SandboxUser:
    """A person who can sign in. `roles` are plain names; those of the directory are issued as `wids`."""

    username: str
    password: str = field(repr=False)
    mfa: bool
    roles: tuple[str, ...]
    object_id: str

    def has_password(self, password: str) -> bool:
        """Whether `password` is the user's, in constant time."""
        return _same(self.password, password)


@dataclass(frozen=True, slots=True)
class SandboxApplication:
    """A registered client; without a secret it is a public one. A multi-tenant one serves the people of all tenants."""

    client_id: str
    client_secret: str | None = field(repr=False)
    name: str
    multi_tenant: bool = False

    def has_secret(self, secret: str) -> bool:
        """Whether `secret` is the application's, in constant time; never for a public client."""
        return self.client_secret is not None and _same(self.client_secret, secret)


@dataclass(frozen=True, slots=True)
class SandboxTenant:
    """An organisation: its id (a GUID in lower case), its domain, its people and its applications."""

    tenant_id: str
    name: str
    domain: str
    users: tuple[SandboxUser, ...]
    applications: tuple[SandboxApplication, ...]

    def user(self, username: str) -> SandboxUser | None:
        """Return the user of that name, in any case, or None."""
        return next((user for user in self.users if user.username.lower() == username.lower()), None)

    def application(self, client_id: str) -> SandboxApplication | None:
        """Return the application of that id, in any case, or None."""
        return next((one for one in self.applications if one.client_id.lower() == client_id.lower()), None)


class Directory:
    """All tenants of a world.

    Parameters:
        partners: those who have customers.
        desk: the one that reviews for all of them.
    """

    def __init__(self, partners: Iterable[SandboxTenant], desk: SandboxTenant) -> None:
        self.partners = tuple(partners)
        self.desk = desk
        self.tenants = (*self.partners, desk)

    def tenant(self, name: str) -> SandboxTenant | None:
        """Return the tenant with that id or domain, in any case, or None."""
        sought = name.lower()
        return next((one for one in self.tenants if sought in (one.tenant_id, one.domain.lower())), None)

    def home_of(self, client_id: str) -> SandboxTenant | None:
        """Return the tenant an application belongs to, or None when it is unknown."""
        return next((one for one in self.tenants if one.application(client_id) is not None), None)

    def shared(self, client_id: str) -> SandboxApplication | None:
        """Return the multi-tenant application of that id, or None: there is none, or it is its own tenant's alone."""
        home = self.home_of(client_id)
        found = home.application(client_id) if home else None
        return found if found and found.multi_tenant else None

    def home_of_user(self, username: str) -> SandboxTenant | None:
        """Return the tenant a user belongs to, or None when there is no such user."""
        return next((one for one in self.tenants if one.user(username) is not None), None)


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
