"""What the authority publishes of itself, for libraries that look before they ask."""

from urllib.parse import urlsplit

from vetline.identity.issuer import TokenIssuer
from vetline.sandbox.authority.aadsts import MALFORMED, Refused


def openid_configuration(issuer: TokenIssuer, tenant: str, tenant_id: str, *, v2: bool) -> dict[str, object]:
    """Return the OpenID configuration of a tenant.

    Args:
        issuer: the sandbox's issuer.
        tenant: the tenant as the client named it; the endpoints keep that name.
        tenant_id: its GUID, or `{tenantid}` for `common` and `organizations`, as in Entra's own.
        v2: which version is asked for.
    """
    root = f"{issuer.base}/{tenant}"
    oauth2, keys = ("oauth2/v2.0", "discovery/v2.0/keys") if v2 else ("oauth2", "discovery/keys")
    return {
        "issuer": issuer.name(tenant_id, v2=v2),
        "authorization_endpoint": f"{root}/{oauth2}/authorize",
        "token_endpoint": f"{root}/{oauth2}/token",
        "device_authorization_endpoint": f"{root}/{oauth2}/devicecode",
        "end_session_endpoint": f"{root}/{oauth2}/logout",
        "jwks_uri": f"{root}/{keys}",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_types_supported": ["code", "code id_token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "oid", "tid", "ver", "c_hash"],
    }


def tenant_of(endpoint: str) -> str:
    """Return the tenant in the URL of an authorization endpoint, as a client names it; empty when there is none.

    Raises:
        Refused: it is no URL.
    """
    try:
        return urlsplit(endpoint).path.strip("/").partition("/")[0]
    except ValueError:
        raise Refused(MALFORMED, "authorization_endpoint is no URL") from None


def instance_discovery(issuer: TokenIssuer, tenant: str) -> dict[str, object]:
    """Return the answer by which MSAL learns that this host is an authority, and its only name.

    Source: https://learn.microsoft.com/entra/msal/dotnet/advanced/custom-authority-aliases

    Args:
        issuer: the sandbox's issuer.
        tenant: the tenant that is asked about; a client takes the configuration it is sent to for that tenant's.
    """
    host = urlsplit(issuer.base).netloc
    alias = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
    return {
        "tenant_discovery_endpoint": f"{issuer.base}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [alias],
    }


def user_realm(username: str, *, known: bool) -> dict[str, object]:
    """Return how a user signs in: `Managed` means by the password grant, as MSAL asks before it tries one."""
    domain = username.rpartition("@")[2]
    return {
        "ver": "1.0",
        "account_type": "Managed" if known else "Unknown",
        "domain_name": domain,
        "cloud_instance_name": "microsoftonline.com",
    }
