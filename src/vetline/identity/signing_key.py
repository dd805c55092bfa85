"""A new key to sign tokens with."""

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

# Both are what Entra's keys have: https://login.microsoftonline.com/common/discovery/v2.0/keys ("e": "AQAB")
_EXPONENT, _BITS = 65537, 2048


def new_key() -> RSAPrivateKey:
    """Return a new key; this takes a tenth of a second."""
    return generate_private_key(_EXPONENT, _BITS)
