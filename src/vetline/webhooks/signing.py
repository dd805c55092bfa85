"""Proves where a message comes from: as Partner Center does, and as Standard Webhooks does for who gives a secret.

https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#receiving-events-from-partner-center
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates

_PREFIX: Final = "whsec_"
_FEWEST_BITS: Final = 2048


class Signer(Protocol):
    """Has a key, and a certificate that says whose it is."""

    def certificate(self) -> bytes:
        """Return the certificate and those that lead to its root, PEM, its own first."""
        ...

    def sign(self, body: bytes) -> bytes:
        """Return the signature over these bytes: RSA PKCS #1 v1.5 with SHA-256."""
        ...


class PemSigner:
    """Signs with what is in a PEM file.

    Parameters:
        pem: a private key, its certificate, and those between it and its root.

    Raises:
        ValueError: it is none of that; the sentence says what is wrong.
    """

    def __init__(self, pem: bytes) -> None:
        try:
            key, chain = load_pem_private_key(pem, None), load_pem_x509_certificates(pem)
        except (ValueError, TypeError) as error:
            raise ValueError("it must hold a private key without a password, then its certificate, as PEM") from error
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _FEWEST_BITS:
            raise ValueError(f"its key must be an RSA key of at least {_FEWEST_BITS} bits")
        if chain[0].public_key() != key.public_key():
            raise ValueError("its first certificate is not the key's")
        self._key = key
        self._certificate = b"".join(one.public_bytes(Encoding.PEM) for one in chain)

    def certificate(self) -> bytes:
        """See `Signer.certificate`."""
        return self._certificate

    def sign(self, body: bytes) -> bytes:
        """See `Signer.sign`."""
        return self._key.sign(body, padding.PKCS1v15(), SHA256())


def microsoft_headers(signature: bytes, certificate_url: str, *, in_ms_header: bool) -> dict[str, str]:
    """Return the headers of a signature as Partner Center sends it.

    Parameters:
        in_ms_header: put it where `SignatureTokenToMsSignatureHeader` asks for it.
    """
    return {
        # No source shows whether the scheme's name moves along; a receiver that takes either is served by this.
        "x-ms-signature" if in_ms_header else "Authorization": f"Signature {b64encode(signature).decode()}",
        "X-MS-Certificate-Url": certificate_url,
        "X-MS-Signature-Algorithm": "rsa-sha256",
    }


def standard_headers(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a Standard Webhooks signature.

    Parameters:
        secret: ``whsec_`` and the key in base64.
        message_id: the same for every attempt.
        at: when this attempt is made.
    """
    seconds = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), seconds.encode(), body))
    signature = hmac.new(secret_bytes(secret), signed, sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


def secret_bytes(secret: str) -> bytes:
    """Return the key in a secret.

    Raises:
        ValueError: it is none of 24 to 64 bytes, or not written as one.
    """
    if not secret.startswith(_PREFIX):
        raise ValueError("it does not begin with whsec_")
    key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    if not 24 <= len(key) <= 64:
        raise ValueError("its key has not 24 to 64 bytes")
    return key
