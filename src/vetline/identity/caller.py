"""Who is calling. A Caller is what is left of a token once it has been verified: nothing here verifies anything.

Claims are read towards caution: whatever hints at a user makes the token a user's, and only then is MFA asked for.
"""

from collections.abc import Collection

import msgspec

from vetline.identity.claims import TokenClaims

REVIEWER = "Vetline.Reviewer"
ADMINISTRATOR = "Vetline.Administrator"
_OWN_ROLES = frozenset({REVIEWER, ADMINISTRATOR})

# The `wids` claim names directory roles by template id.
# https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
DIRECTORY_ROLES = {
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": "DirectoryReaders",
    "9360feb5-f418-4baa-8175-e2a00bac4301": "DirectoryWriters",
    "4d6ac14f-3453-41d0-bef9-a3e0c569773a": "LicenseAdministrator",
    "fe930be7-5e62-47db-91af-98c3a49a38b1": "UserAdministrator",
}


class Caller(msgspec.Struct, frozen=True):
    """The verified party behind a request.

    Attributes:
        tenant: the partner's tenant, a GUID in lower case with hyphens.
        application: the client application's id.
        user: the user's stable id (`oid`, else `upn`, else `sub`); None when the application calls for itself.
        mfa: whether the user signed in with a second factor.
        roles: application roles, and directory roles by their plain names.
    """

    tenant: str
    application: str
    user: str | None
    mfa: bool
    roles: frozenset[str]

    @property
    def is_app_only(self) -> bool:
        """Whether the application calls for itself, with no user (and so outside the MFA rule)."""
        return self.user is None


def caller_of(claims: TokenClaims, tenant: str, operators: Collection[str]) -> Caller:
    """Read the caller out of verified claims.

    Args:
        claims: the claims of a token whose signature, issuer, audience and times hold.
        tenant: the canonical tenant the token was found to belong to.
        operators: the tenants whose word on Vetline's own roles counts.

    Returns:
        The caller.
    """
    return Caller(
        tenant=tenant,
        application=claims.appid or claims.azp or claims.client_id,
        user=_user(claims),
        mfa="mfa" in claims.amr,
        roles=roles_of(claims, trusted=tenant in operators),
    )


def _user(claims: TokenClaims) -> str | None:
    # Documented sign of a user: `scp`, or `upn`. The other names are those that v2 and older tokens use for the same.
    # https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    signs = (claims.scp, claims.upn, claims.unique_name, claims.preferred_username, claims.idtyp == "user")
    if not any(signs):
        return None
    return user_of(claims) or "unnamed"


def user_of(claims: TokenClaims) -> str:
    """Return the stable id of the user a token names, empty when it names none."""
    return claims.oid or claims.upn or claims.sub


def roles_of(claims: TokenClaims, *, trusted: bool) -> frozenset[str]:
    """Return the roles that verified claims give.

    Args:
        claims: of a token that counts.
        trusted: whether its tenant's word on Vetline's own roles counts.
    """
    # In a multi-tenant application every tenant's own administrator assigns the application's roles, so a partner
    # could make its people our reviewers: our roles count from the operator's tenant alone.
    # https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
    named = {role for role in claims.roles if trusted or role not in _OWN_ROLES}
    directory = {DIRECTORY_ROLES[wid] for wid in map(str.lower, claims.wids) if wid in DIRECTORY_ROLES}
    return frozenset(named | directory)
