"""The claims read out of a token, with their types. Unknown ones are ignored, ill-typed ones refuse the token."""

import re

import msgspec

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class TokenHeader(msgspec.Struct, frozen=True):
    """The part of a token's header that counts. Whatever names or carries a key of its own is not even read."""

    alg: str
    kid: str = ""
    crit: object = msgspec.UNSET


class TokenClaims(msgspec.Struct, frozen=True):
    """A token's claims, v1 and v2 names side by side.

    Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """

    exp: float
    nbf: float = 0.0
    iss: str = ""
    aud: str | list[str] = ""
    tid: object = None
    appid: str = ""
    azp: str = ""
    client_id: str = ""
    idtyp: str = ""
    scp: str = ""
    upn: str = ""
    unique_name: str = ""
    preferred_username: str = ""
    oid: str = ""
    sub: str = ""
    amr: list[str] = []
    roles: list[str] = []
    wids: list[str] = []


def canonical_guid(value: object) -> str | None:
    """Return `value` as a GUID in lower case with hyphens, or None when it is not written as one.

    Args:
        value: anything a token may hold.

    Returns:
        The canonical text, or None. Braces, `urn:uuid:` and missing hyphens are not accepted.
    """
    if not isinstance(value, str):
        return None
    lowered = value.lower()
    return lowered if _GUID.fullmatch(lowered) else None


def guid_within(text: str) -> str | None:
    """Return the first GUID inside `text` in lower case, or None."""
    found = _GUID.search(text.lower())
    return found.group() if found else None
