"""Which tenant a request means and which application sends it: the checks every endpoint begins with."""

from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import unquote_plus

import msgspec

from vetline.sandbox.authority.aadsts import (
    MALFORMED,
    MISSING_PARAMETER,
    PUBLIC_CLIENT,
    UNKNOWN_APPLICATION,
    UNKNOWN_TENANT,
    WRONG_SECRET,
    Refused,
)
from vetline.sandbox.contents.directory import Directory, SandboxApplication, SandboxTenant

_ANY_TENANT = frozenset({"common", "organizations"})


class Client(msgspec.Struct, frozen=True):
    """The application behind a request, in its tenant.

    Attributes:
        with_secret: whether it proved itself.
        any_tenant: whether people of all tenants may sign in: a multi-tenant application that named none.
    """

    tenant: SandboxTenant
    application: SandboxApplication
    with_secret: bool
    any_tenant: bool = False


def tenant_named(directory: Directory, name: str, client_id: str = "") -> SandboxTenant:
    """Return the tenant a URL names, by id or domain; `common` and `organizations` mean the application's own.

    Raises:
        Refused: there is no such tenant, or no application that would tell which.
    """
    if name.lower() not in _ANY_TENANT:
        found = directory.tenant(name)
        if found is None:
            raise Refused(UNKNOWN_TENANT, name)
        return found
    home = directory.home_of(client_id)
    if home is None:
        raise Refused(UNKNOWN_APPLICATION, client_id, name)
    return home


def client_of(directory: Directory, tenant: str, form: Mapping[str, str]) -> Client:
    """Return the application a request names, having checked the secret if it presents one.

    Args:
        directory: all tenants.
        tenant: the tenant as the URL names it.
        form: the parameters, with `client_id` and perhaps `client_secret`.

    Raises:
        Refused: the tenant or application is unknown, or the secret is wrong.
    """
    client_id = needed(form, "client_id")
    home = tenant_named(directory, tenant, client_id)
    application = home.application(client_id) or directory.shared(client_id)
    if application is None:
        raise Refused(UNKNOWN_APPLICATION, client_id, home.name)
    any_tenant = application.multi_tenant and tenant.lower() in _ANY_TENANT
    return Client(home, application, _proves_itself(application, form.get("client_secret", "")), any_tenant)


def needed(form: Mapping[str, str], name: str) -> str:
    """Return a parameter that must be there.

    Raises:
        Refused: it is missing or empty.
    """
    value = form.get(name, "")
    if not value:
        raise Refused(MISSING_PARAMETER, name)
    return value


def with_basic(form: Mapping[str, str], authorization: str | None) -> dict[str, str]:
    """Return the parameters with the client's id and secret from an `Authorization: Basic` header, where there is one.

    Source: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 (both parts are form-encoded first)

    Raises:
        Refused: the header cannot be read, or contradicts the body.
    """
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return dict(form)
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    # Bad base64, text outside ASCII and bytes outside UTF-8 are ValueErrors all.
    except ValueError:
        raise Refused(MALFORMED, "the Authorization header is not Basic") from None
    named = {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}
    if not colon or any(form.get(name, value) != value for name, value in named.items()):
        raise Refused(MALFORMED, "the client is named twice, differently")
    return dict(form) | named


def _proves_itself(application: SandboxApplication, secret: str) -> bool:
    if not secret:
        return False
    if application.client_secret is None:
        raise Refused(PUBLIC_CLIENT)
    if not application.has_secret(secret):
        raise Refused(WRONG_SECRET, application.client_id)
    return True
