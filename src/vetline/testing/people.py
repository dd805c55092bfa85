"""Who and what is in a world, as values: partners with their people, applications and codes, and their customers."""

import msgspec


class Application(msgspec.Struct, frozen=True, rename="camel"):
    """A registered client; one without a secret is public."""

    client_id: str
    name: str = ""
    client_secret: str = ""

    def __repr__(self) -> str:
        """Return it without its secret."""
        return f"Application({self.client_id!r}, {self.name!r})"


class User(msgspec.Struct, frozen=True):
    """A person who can sign in; `mfa` says whether with a second factor."""

    username: str
    password: str
    mfa: bool
    roles: tuple[str, ...]

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"User({self.username!r}, mfa={self.mfa}, roles={self.roles})"


class Code(msgspec.Struct, frozen=True, rename="camel"):
    """A validation code, with what was left of it when the world was looked at."""

    validation_id: str
    organization_name: str
    max_creates: int
    remaining_creates: int


class Customer(msgspec.Struct, frozen=True, rename="camel"):
    """A customer of one of the partners."""

    id: str
    partner_tenant_id: str
    company_name: str
    domain: str

    def __str__(self) -> str:
        """Return the id, as addresses have it."""
        return self.id


class Tenant(msgspec.Struct, frozen=True, rename="camel"):
    """An organisation: a partner, or the review desk."""

    tenant_id: str
    name: str
    applications: tuple[Application, ...]
    public_applications: tuple[Application, ...]
    users: tuple[User, ...]
    validation_codes: tuple[Code, ...] = ()

    @property
    def application(self) -> Application:
        """The application that signs in where none is named: the one with a secret, if there is one."""
        return next(iter((*self.applications, *self.public_applications)))

    def __repr__(self) -> str:
        """Return its name and id."""
        return f"Tenant({self.name!r}, {self.tenant_id!r})"


class Info(msgspec.Struct, frozen=True, rename="camel"):
    """What a sandbox tells of a world."""

    partners: tuple[Tenant, ...]
    customers: tuple[Customer, ...]
    review_desk: Tenant
    endpoints: dict[str, str]
    id: str = ""
