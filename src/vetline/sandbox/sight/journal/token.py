"""Reads who a token says to be, without verifying it: whether it counts is the service's to say."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import msgspec

from vetline.sandbox.sight.journal.exchange import NOBODY, Caller
from vetline.sandbox.sight.journal.masking import Mask

# Nobody sends as many different ones at a time; then it is begun anew.
_CAPACITY = 1_000
_LONGEST = 16 * 1024


class TokenReader:
    """Tells callers by their tokens, and remembers them.

    Parameters:
        mask: makes the marks that stand for tokens.
    """

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._known: dict[str, Caller] = {}

    def caller(self, authorization: bytes) -> Caller:
        """Return who an Authorization header says to be."""
        token = authorization.rpartition(b" ")[2]
        if not token:
            return NOBODY
        mark = self._mask.mark(token)
        found = self._known.get(mark)
        if found is None:
            if len(self._known) >= _CAPACITY:
                self._known.clear()
            found = self._known[mark] = _caller(_claims(token), mark)
        return found


def _caller(claims: Mapping[str, Any], mark: str) -> Caller:
    """Return the caller that claims name. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"""
    user = _text(claims, "upn") or _text(claims, "unique_name") or _text(claims, "preferred_username")
    app_only = bool(claims) and not user and "scp" not in claims
    expires, amr = claims.get("exp"), claims.get("amr")
    return Caller(
        tenant=_text(claims, "tid"),
        application=_text(claims, "appid") or _text(claims, "azp"),
        user=user or ("" if app_only else _text(claims, "oid")),
        token=mark,
        app_only=app_only,
        mfa=isinstance(amr, list) and "mfa" in amr,
        expires=float(expires) if isinstance(expires, int) and not isinstance(expires, bool) else None,
    )


def _claims(token: bytes) -> Mapping[str, Any]:
    parts = token.split(b".")
    if len(parts) != 3 or len(parts[1]) > _LONGEST:
        return {}
    try:
        found = msgspec.json.decode(urlsafe_b64decode(parts[1] + b"=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value[:200] if isinstance(value, str) else ""
