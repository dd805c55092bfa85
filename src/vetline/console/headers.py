"""What every page says to the browser that shows it: run nothing but our own files, and let nobody frame it."""

from starlette.datastructures import MutableHeaders

# Strict: no inline code, no inline style, nothing from anywhere else.
# https://cheatsheetseries.owasp.org/cheatsheets/Content_Security_Policy_Cheat_Sheet.html
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": with it browsers send "Origin: null" with our own forms.
    # https://fetch.spec.whatwg.org/#append-a-request-origin-header
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def protect(headers: MutableHeaders) -> None:
    """Add to an answer's headers; an answer that does not say so itself is kept nowhere."""
    headers.update(_ALWAYS)
    headers.setdefault("cache-control", "no-store")
