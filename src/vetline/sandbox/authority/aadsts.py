"""The authority's refusals: one catalogue, one exception, one place that renders them, in Entra's words and numbers.

Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from datetime import datetime
from uuid import UUID, uuid4

import msgspec

_LONGEST_VALUE = 100


class Aadsts(msgspec.Struct, frozen=True):
    """One kind of refusal: its number, the OAuth error it belongs to, its text and its HTTP status."""

    code: int
    error: str
    text: str
    status: int = 400


UNKNOWN_TENANT = Aadsts(90002, "invalid_request", "Tenant '{0}' not found. Check the tenant's id or domain.")
NO_TENANT = Aadsts(50059, "invalid_request", "No tenant-identifying information found: name the tenant in the URL.")
UNKNOWN_APPLICATION = Aadsts(
    700016, "unauthorized_client", "Application with identifier '{0}' was not found in the directory '{1}'."
)
WRONG_SECRET = Aadsts(
    7000215,
    "invalid_client",
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
    "not the client secret ID, for a secret added to app '{0}'.",
    401,
)
SECRET_REQUIRED = Aadsts(
    7000218,
    "invalid_client",
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'. "
    "(The sandbox knows secrets only.)",
    401,
)
PUBLIC_CLIENT = Aadsts(
    700025,
    "invalid_client",
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    401,
)
WRONG_PASSWORD = Aadsts(50126, "invalid_grant", "Error validating credentials due to invalid username or password.")
UNKNOWN_RESOURCE = Aadsts(
    500011, "invalid_resource", "The resource principal named {0} was not found in the tenant named {1}."
)
MISSING_PARAMETER = Aadsts(900144, "invalid_request", "The request body must contain the following parameter: '{0}'.")
UNKNOWN_GRANT = Aadsts(70003, "unsupported_grant_type", "The app requested an unsupported grant type '{0}'.")
UNKNOWN_RESPONSE_TYPE = Aadsts(
    70004, "unsupported_response_type", "The provided response type or mode is not supported: 'code' is."
)
WRONG_SCOPE = Aadsts(70011, "invalid_scope", "The provided value for the input parameter 'scope' is not valid: '{0}'.")
SEVERAL_RESOURCES = Aadsts(
    28000, "invalid_scope", "The input parameter 'scope' contains more than one resource. Ask for one at a time."
)
DEFAULT_REQUIRED = Aadsts(
    1002012,
    "invalid_scope",
    "The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default "
    "suffixed to the resource identifier.",
)
WRONG_REDIRECT = Aadsts(
    50011,
    "invalid_request",
    "The redirect URI '{0}' is not one the sandbox redirects to: a loopback address, or the native client's.",
)
OTHER_REDIRECT = Aadsts(500112, "invalid_grant", "The reply address '{0}' does not match the one of the authorization.")
UNKNOWN_CODE = Aadsts(9002313, "invalid_grant", "The authorization code is malformed or was issued to another client.")
EXPIRED_CODE = Aadsts(70008, "invalid_grant", "The provided authorization code has expired.")
REDEEMED_CODE = Aadsts(
    54005,
    "invalid_grant",
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "
    "refresh token.",
)
WRONG_VERIFIER = Aadsts(
    501481,
    "invalid_grant",
    "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
)
PKCE_REQUIRED = Aadsts(
    9002325, "invalid_request", "Proof Key for Code Exchange is required: a code_challenge by method S256."
)
UNKNOWN_REFRESH = Aadsts(
    70000, "invalid_grant", "The refresh token is malformed, was used before, was revoked or is another client's."
)
EXPIRED_REFRESH = Aadsts(700082, "invalid_grant", "The refresh token has expired due to inactivity: sign in again.")
REVOKED = Aadsts(
    50173,
    "invalid_grant",
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. Sign in again.",
)
MFA_REQUIRED = Aadsts(
    50076,
    "invalid_grant",
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use "
    "multi-factor authentication to access the resource.",
)
SIGN_IN_BROKEN = Aadsts(50000, "server_error", "There was an error issuing a token or an issue with the sign-in.", 500)
DIRECTORY_UNAVAILABLE = Aadsts(
    90033, "temporarily_unavailable", "A transient error has occurred. Please try again.", 503
)
PENDING = Aadsts(70016, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending. Continue.")
UNKNOWN_DEVICE = Aadsts(70019, "bad_verification_code", "The device code is unknown, was redeemed or is a stranger's.")
EXPIRED_DEVICE = Aadsts(70020, "expired_token", "The provided device code has expired.")
TOO_LARGE = Aadsts(90015, "invalid_request", "The request is too large.", 413)
MALFORMED = Aadsts(9000411, "invalid_request", "The request is not properly formatted: {0}.")


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The authority says no."""

    def __init__(self, kind: Aadsts, *values: str) -> None:
        """Refuse for the reason `kind`, with `values` standing in its text, each cut to a hundred characters."""
        self.kind = kind
        self.text = f"AADSTS{kind.code}: {kind.text.format(*(value[:_LONGEST_VALUE] for value in values))}"
        super().__init__(self.text)


def error_body(refused: Refused, now: datetime, correlation: str | None = None) -> dict[str, object]:
    """Render a refusal as Entra's token endpoint does.

    Args:
        refused: the refusal.
        now: the moment.
        correlation: the client's own request id; kept when it is a GUID.

    Returns:
        The members of the JSON body.
    """
    trace, moment = str(uuid4()), f"{now:%Y-%m-%d %H:%M:%SZ}"
    correlation = _guid(correlation) or str(uuid4())
    ending = f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}"
    return {
        "error": refused.kind.error,
        "error_description": f"{refused.text} {ending}",
        "error_codes": [refused.kind.code],
        "timestamp": moment,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={refused.kind.code}",
    }


def _guid(text: str | None) -> str | None:
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None
