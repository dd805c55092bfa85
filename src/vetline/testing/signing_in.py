"""Signing somebody of a world in at the sandbox's authority, as a client's credential."""

from collections.abc import Callable

from vetline.sdk.clouds import GLOBAL
from vetline.testing.control import Control
from vetline.testing.errors import SandboxError
from vetline.testing.people import Tenant, User

Asker = Callable[[], str]


def access_token(authority: Control, tenant: Tenant, user: str, *, app_only: bool) -> Asker:
    """Return what asks for a token anew each time: a credential of the client.

    Parameters:
        authority: where it is asked for.
        tenant: whose.
        user: the beginning of a user's name; empty for the first one with MFA.
        app_only: for the application alone.

    Raises:
        SandboxError: there is nobody of that name.
    """
    form = {"client_id": tenant.application.client_id, "scope": GLOBAL.scope}
    if tenant.application.client_secret:
        form["client_secret"] = tenant.application.client_secret
    if app_only:
        form |= {"grant_type": "client_credentials"}
    else:
        person = _person(tenant, user)
        form |= {"grant_type": "password", "username": person.username, "password": person.password}
    return lambda: str(authority.form(f"/{tenant.tenant_id}/oauth2/v2.0/token", form)["access_token"])


def _person(tenant: Tenant, name: str) -> User:
    for one in tenant.users:
        if one.username.lower().startswith(name.lower()) if name else one.mfa:
            return one
    known = ", ".join(one.username for one in tenant.users)
    raise SandboxError(f"No user of {tenant.name} has a name that begins with '{name}'. There are: {known}.")
