"""Reads a JSON Web Key Set into verification keys. Only strong asymmetric signature keys come out."""

from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import base64_to_int

VerificationKey = RSAKey | ECKey

_MOST_KEYS = 100
# Fewer bits are too weak (NIST SP 800-131A); many more make each verification a labour.
_RSA_BITS = range(2048, 8193)


class KeysUnavailable(Exception):  # noqa: N818 - an answer to the caller, who turns it into 503
    """An issuer's keys cannot be had now: it does not answer, or not with keys."""


class _KeySet(msgspec.Struct):
    keys: list[dict[str, Any]]


def read_keys(document: bytes) -> dict[str, VerificationKey]:
    """Read the usable keys of a key set, by key id.

    Args:
        document: the JSON text of the set.

    Returns:
        The RSA (2048 bits and more) and EC keys meant for signatures. Private parts are never kept.

    Raises:
        KeysUnavailable: the text is no key set, or holds no usable key.
    """
    try:
        entries = msgspec.json.decode(document, type=_KeySet).keys[:_MOST_KEYS]
    except (ValueError, RecursionError) as error:
        raise KeysUnavailable(f"the answer is no key set ({type(error).__name__})") from None
    keys = {key.kid: key for key in map(_read_key, entries) if key is not None and key.kid}
    if not keys:
        raise KeysUnavailable("the key set holds no usable key")
    return keys


def _read_key(entry: dict[str, Any]) -> VerificationKey | None:
    """Return the key of one entry, or None: an entry not understood is passed over (RFC 7517, section 5)."""
    if entry.get("use", "sig") != "sig" or not isinstance(entry.get("kid"), str):
        return None
    try:
        return _import(entry)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _import(entry: dict[str, Any]) -> VerificationKey | None:
    named: dict[str, Any] = {name: entry[name] for name in ("kty", "kid", "use", "alg", "issuer") if name in entry}
    if entry.get("kty") == "RSA" and base64_to_int(entry["n"]).bit_length() in _RSA_BITS:
        return RSAKey.import_key({**named, "n": entry["n"], "e": entry["e"]})
    if entry.get("kty") == "EC":
        return ECKey.import_key({**named, "crv": entry["crv"], "x": entry["x"], "y": entry["y"]})
    return None
