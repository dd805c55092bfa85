"""Tokens made by hand, for what a proper library refuses to make."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(header: object, claims: object, signature: bytes = b"") -> str:
    """Return a token with any header, any claims and any signature."""
    return ".".join((b64(json.dumps(header).encode()), b64(json.dumps(claims).encode()), b64(signature)))


def hs256(header: dict[str, object], claims: dict[str, object], secret: bytes) -> str:
    """Return a token signed with HMAC over `secret`."""
    signing_input = unsigned(header, claims).rsplit(".", 1)[0]
    return f"{signing_input}.{b64(hmac.new(secret, signing_input.encode(), hashlib.sha256).digest())}"
