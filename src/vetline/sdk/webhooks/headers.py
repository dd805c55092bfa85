"""What a delivery's headers claim: a signature, and where its certificate lies. Nothing here is believed yet."""

import binascii
from base64 import b64decode
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from vetline.sdk.errors import WebhookSignatureError

# https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#receiving-events-from-partner-center
_AUTHORIZATION = "authorization"
_MS_SIGNATURE = "x-ms-signature"
_CERTIFICATE_URL = "x-ms-certificate-url"
_ALGORITHM = "x-ms-signature-algorithm"
_SCHEME = "signature"
_ONLY_ALGORITHM = "rsa-sha256"
# A signature by the largest RSA key in use, of 16,384 bits, has 2,732 characters.
_LONGEST_SIGNATURE = 4096

HeaderPairs = Iterable[tuple[str | bytes, str | bytes]]


class HasItems(Protocol):
    """A framework's headers: anything with `items()` in pairs, such as a dict or Starlette's, Django's, Flask's."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return the names and values; a header that came twice is there twice."""
        ...


class Claim(NamedTuple):
    """What the headers say.

    Attributes:
        signature: the signature's bytes.
        certificate_url: where the signer's certificate is said to be.
    """

    signature: bytes
    certificate_url: str


def read_headers(headers: HasItems | HeaderPairs) -> Claim:
    """Return what the headers claim.

    Raises:
        WebhookSignatureError: a header is missing, doubled or malformed.
    """
    found = _collected(headers)
    # Verified with rsa-sha256 alone: a weaker algorithm must not be the sender's choice.
    if _single(found, _ALGORITHM).lower() != _ONLY_ALGORITHM:
        raise WebhookSignatureError("The signature's algorithm is not rsa-sha256, the only one that is accepted.")
    return Claim(_signature_bytes(_signature_text(found)), _single(found, _CERTIFICATE_URL))


def _collected(headers: HasItems | HeaderPairs) -> dict[str, list[str]]:
    pairs: HeaderPairs = headers.items() if hasattr(headers, "items") else headers
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(_text(name).lower(), []).append(_text(value).strip())
    return found


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _single(found: dict[str, list[str]], name: str) -> str:
    values = found.get(name, [])
    if len(values) > 1:
        raise WebhookSignatureError(f"The header {name} came {len(values)} times; it must come once.")
    if not values or not values[0]:
        raise WebhookSignatureError(f"The header {name} is missing.")
    return values[0]


def _signature_text(found: dict[str, list[str]]) -> str:
    # With SignatureTokenToMsSignatureHeader in the registration the signature moves here, and Authorization may be
    # anybody's. No source shows whether the scheme's name moves along, so both forms are read.
    # https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#how-to-authenticate-the-callback
    if _MS_SIGNATURE in found:
        scheme, _, rest = _single(found, _MS_SIGNATURE).partition(" ")
        return rest.strip() if scheme.lower() == _SCHEME else _single(found, _MS_SIGNATURE)
    if _AUTHORIZATION not in found:
        raise WebhookSignatureError("The delivery is not signed: neither Authorization nor x-ms-signature is there.")
    scheme, _, rest = _single(found, _AUTHORIZATION).partition(" ")
    if scheme.lower() != _SCHEME:
        raise WebhookSignatureError("The delivery is not signed: the Authorization header's scheme is not Signature.")
    return rest.strip()


def _signature_bytes(text: str) -> bytes:
    if not text or len(text) > _LONGEST_SIGNATURE:
        raise WebhookSignatureError("The signature is empty or too long.")
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WebhookSignatureError("The signature is not base64.") from error
