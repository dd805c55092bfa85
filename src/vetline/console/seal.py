"""Values that a browser keeps for us and cannot change: signed, versioned, for one purpose, of bounded length.

Every purpose has a key of its own, so that what was sealed for one cannot be shown for another.
"""

import hmac
from hashlib import sha256
from typing import Generic, TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

T = TypeVar("T")

# Browsers keep 4096 bytes of a cookie, its name and attributes included: RFC 6265, section 6.1.
LONGEST = 3_800
SHORTEST_SECRET = 32
_ALGORITHM = "HS256"


def key_for(secret: str, purpose: str) -> bytes:
    """Return the key of one purpose."""
    return hmac.digest(secret.encode(), f"vetline console: {purpose}".encode(), sha256)


class Seal(Generic[T]):
    """Seals values of one type.

    Parameters:
        secret: what all processes of the service share, at least 32 characters.
        purpose: what the values are for; a change of their type is a change of its version, such as ``session 1``.
        kind: their type.
    """

    def __init__(self, secret: str, purpose: str, kind: type[T]) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"a secret has at least {SHORTEST_SECRET} characters")
        self._key = OctKey.import_key(key_for(secret, purpose))
        self._decoder = msgspec.json.Decoder(kind)

    def close(self, value: T) -> str:
        """Return the value, sealed.

        Raises:
            ValueError: it is too long for a browser to keep.
        """
        sealed = jws.serialize_compact({"alg": _ALGORITHM}, msgspec.json.encode(value), self._key, [_ALGORITHM])
        if len(sealed) > LONGEST:
            raise ValueError(f"what a browser should keep has {len(sealed)} characters, more than {LONGEST}")
        return sealed

    def open(self, sealed: str) -> T | None:
        """Return the value, `None` when this is not what was sealed."""
        if len(sealed) > LONGEST:
            return None
        try:
            opened = jws.deserialize_compact(sealed.encode("ascii"), self._key, [_ALGORITHM])
            return self._decoder.decode(opened.payload)
        # ValueError holds what is outside ASCII, bad base64 and what msgspec raises; RecursionError is deep nesting.
        except (JoseError, ValueError, RecursionError):
            return None
