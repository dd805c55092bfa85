"""What the identity tests build tokens from: a moment, a tenant, an issuer, and the claims of a good token."""

from datetime import UTC, datetime

from vetline.identity.issuer import TokenIssuer

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TENANT = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
OTHER_TENANT = "0b6a5f0e-6f3c-4f8e-9d0d-3c0f4f4f1a11"
APPLICATION = "ebcf5f4a-0000-4000-8000-000000000001"
AUDIENCE = "https://api.partnercenter.microsoft.com"
BASE = "https://login.example"


def good_claims(issuer: TokenIssuer, **changes: object) -> dict[str, object]:
    """Return the claims of a user's token that counts at NOW, with `changes`; a change to None drops the claim."""
    start = int(NOW.timestamp())
    claims: dict[str, object] = {
        "aud": AUDIENCE,
        "iss": issuer.name(TENANT, v2=False),
        "iat": start,
        "nbf": start,
        "exp": start + 3600,
        "amr": ["pwd", "mfa"],
        "appid": APPLICATION,
        "appidacr": "1",
        "oid": "6f3ad6f0-0000-4000-8000-000000000002",
        "scp": "user_impersonation",
        "tid": TENANT,
        "upn": "ada@contoso.onmicrosoft.com",
        "ver": "1.0",
    } | changes
    return {name: value for name, value in claims.items() if value is not None}
