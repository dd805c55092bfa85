"""What a client asks for: one resource and a few scopes, in v1's words (`resource`) or v2's (`scope`)."""

from collections.abc import Mapping

import msgspec

from vetline.identity.trust import PARTNER_CENTER, PARTNER_CENTER_APPLICATION, PARTNER_CENTER_CHINA
from vetline.sandbox.authority.aadsts import (
    MISSING_PARAMETER,
    SEVERAL_RESOURCES,
    UNKNOWN_RESOURCE,
    WRONG_SCOPE,
    Refused,
)

# The retired audiences are issued still, so that a client that was never moved learns it from the API (900420).
# https://learn.microsoft.com/partner-center/developer/deprecate-azure-active-directory-graph-token
RETIRED = ("https://graph.windows.net", "https://graph.chinacloudapi.cn")
_KNOWN = frozenset({PARTNER_CENTER, PARTNER_CENTER_APPLICATION, PARTNER_CENTER_CHINA, *RETIRED})
# https://learn.microsoft.com/entra/identity-platform/scopes-oidc#openid-connect-scopes
_OPENID = frozenset({"openid", "profile", "email", "offline_access"})
_NAMES = frozenset({".default", "user_impersonation"})
_LONGEST = 2048


class Asked(msgspec.Struct, frozen=True):
    """A resource, as the client wrote it, and what goes with it.

    Attributes:
        resource: the audience of the token to issue.
        default: whether `/.default` was asked for, all that was agreed beforehand.
        openid: whether an id token is wanted.
        offline: whether a refresh token is wanted.
    """

    resource: str
    default: bool
    openid: bool
    offline: bool

    @property
    def scope(self) -> str:
        """The granted scopes, as a v2 answer tells them; MSAL keeps the token under them."""
        default = f" {self.resource}/.default" if self.default else ""
        return f"{self.resource}/user_impersonation{default}"


def asked_by(form: Mapping[str, str], tenant: str, *, v2: bool) -> Asked | None:
    """Read what a request asks for.

    Args:
        form: the request's parameters.
        tenant: the tenant's name, for the refusal.
        v2: whether `scope` tells (v2) or `resource` (v1).

    Returns:
        What is asked, or None when the request is silent.

    Raises:
        Refused: the resource or a scope is unknown, or there is more than one resource.
    """
    text = form.get("scope" if v2 else "resource", "").strip()
    if not text:
        return None
    if len(text) > _LONGEST:
        raise Refused(WRONG_SCOPE, text)
    return _by_scope(text.split(), tenant) if v2 else Asked(_known(text, tenant), False, True, True)


def required(asked: Asked | None, *, v2: bool) -> Asked:
    """Return `asked`.

    Raises:
        Refused: nothing was asked.
    """
    if asked is None:
        raise Refused(MISSING_PARAMETER, "scope" if v2 else "resource")
    return asked


def _by_scope(scopes: list[str], tenant: str) -> Asked:
    pairs = [_split(scope) for scope in scopes if scope.lower() not in _OPENID]
    resources = {resource for resource, _ in pairs}
    if len(resources) > 1:
        raise Refused(SEVERAL_RESOURCES)
    # A sign-in that asks for no resource yet gets the only one there is here; Entra would give Microsoft Graph.
    resource = resources.pop() if resources else PARTNER_CENTER
    named = {scope.lower() for scope in scopes}
    default = any(name == ".default" for _, name in pairs)
    return Asked(_known(resource, tenant), default, "openid" in named, "offline_access" in named)


def _split(scope: str) -> tuple[str, str]:
    # The last slash parts them, so `https://host//.default` asks for the audience `https://host/`.
    # https://learn.microsoft.com/entra/identity-platform/scopes-oidc#trailing-slash-and-default
    resource, _, name = scope.rpartition("/")
    if not resource or name not in _NAMES:
        raise Refused(WRONG_SCOPE, scope)
    return resource, name


def _known(resource: str, tenant: str) -> str:
    if resource.removesuffix("/") not in _KNOWN:
        raise Refused(UNKNOWN_RESOURCE, resource, tenant)
    return resource
