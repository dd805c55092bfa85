"""Whom we believe: the configured issuers and the audiences that mean us. Values only; nothing is fetched here."""

import msgspec

from vetline.identity.claims import canonical_guid, guid_within
from vetline.identity.keys import KeySource
from vetline.identity.refusal import TokenProblem, TokenRefused

_PLACEHOLDER = "{tenantid}"
# Asymmetric ones only: with a symmetric one the public key could be taken for the secret. RFC 8725, section 3.1.
ALGORITHMS = frozenset({"RS256", "PS256", "ES256"})

# The resource, and its application id: a client asks for either.
# https://learn.microsoft.com/partner-center/developer/partner-center-authentication
PARTNER_CENTER = "https://api.partnercenter.microsoft.com"
PARTNER_CENTER_APPLICATION = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
# https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
PARTNER_CENTER_CHINA = "https://partner.partnercenterapi.microsoftonline.cn"


def audiences_of(*resources: str) -> frozenset[str]:
    """Return the audiences that name any of `resources`: each as it is, and each URL with a trailing slash too.

    Args:
        resources: URLs without a trailing slash, or application ids.
    """
    # A v1 token's `aud` is the resource as the client wrote it, so the slash comes and goes.
    # https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    slashed = {f"{resource}/" for resource in resources if "://" in resource}
    return frozenset(resources) | slashed


PARTNER_CENTER_AUDIENCES = audiences_of(PARTNER_CENTER, PARTNER_CENTER_APPLICATION)
PARTNER_CENTER_CHINA_AUDIENCES = audiences_of(PARTNER_CENTER_CHINA, PARTNER_CENTER_APPLICATION)


class TrustedIssuer(msgspec.Struct, frozen=True):
    """An issuer whose tokens count.

    Attributes:
        issuer: the exact `iss`, or a pattern with `{tenantid}` as in Entra's multi-tenant metadata
            (https://learn.microsoft.com/entra/identity-platform/access-tokens#multitenant-applications).
        key_source: where its keys are.
        audiences: the `aud` values that mean us.
        tenants: the tenants it may speak for; None means any.
        algorithms: the signature algorithms it may use.
        operators: the tenants whose users may hold Vetline's own roles; of all others those roles are ignored.
    """

    issuer: str
    key_source: KeySource
    audiences: frozenset[str] = PARTNER_CENTER_AUDIENCES
    tenants: frozenset[str] | None = None
    algorithms: frozenset[str] = frozenset({"RS256"})
    operators: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a configuration that would accept unsigned or symmetrically signed tokens, or nothing at all.

        Raises:
            ValueError: an algorithm other than RS256, PS256 and ES256; none at all; or more than one `{tenantid}`.
        """
        if not self.algorithms or not self.algorithms <= ALGORITHMS:
            raise ValueError(f"algorithms must be among {sorted(ALGORITHMS)}, not {sorted(self.algorithms)}")
        if self.issuer.count(_PLACEHOLDER) > 1:
            raise ValueError("an issuer may hold {tenantid} once")

    def speaks_as(self, iss: str) -> bool:
        """Whether `iss` is this issuer: equal, or equal once a tenant's GUID stands for `{tenantid}`."""
        if _PLACEHOLDER not in self.issuer:
            return iss == self.issuer
        before, _, after = self.issuer.partition(_PLACEHOLDER)
        if not (iss.startswith(before) and iss.endswith(after)):
            return False
        return canonical_guid(iss[len(before) : len(iss) - len(after)]) is not None

    def tenant_of(self, iss: str, tid: object) -> str:
        """Return the tenant a token of this issuer belongs to.

        Args:
            iss: the token's issuer, already found to be this one.
            tid: the token's `tid` claim, whatever it holds.

        Returns:
            The canonical tenant.

        Raises:
            TokenRefused: TENANT, when `tid` is no GUID, contradicts the issuer's URL or is not allowed.
        """
        tenant = canonical_guid(tid)
        if tenant is None:
            raise TokenRefused(TokenProblem.TENANT, "the tid claim is missing or not a GUID")
        if guid_within(iss) not in (None, tenant):
            raise TokenRefused(TokenProblem.TENANT, "the tid claim contradicts the issuer")
        if self.tenants is not None and tenant not in self.tenants:
            raise TokenRefused(TokenProblem.TENANT, "the tenant is not served here")
        return tenant
