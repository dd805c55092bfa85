"""Whatever a stranger sends, the answer is a refusal; one bit decides."""

import contextlib
from base64 import b64decode, b64encode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.webhooks.forging import BODY, NOW, URL, Web, headers, issue, leaf, verifier
from vetline.sdk.webhooks import WebhookSignatureError

ROOT = issue("Root")
ISSUER = issue("Issuer", ROOT)
SIGNER = leaf(ISSUER)
PEM = SIGNER.pem + ISSUER.pem
BELIEVING = verifier(Web({URL: PEM}), ROOT)
GOOD = headers(SIGNER)
SIGNATURE = b64decode(GOOD["Authorization"].split()[1])


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


@given(st.integers(0, len(BODY) * 8 - 1))
def test_any_bit_of_the_body(bit: int) -> None:
    """One flipped bit of the body is enough."""
    with pytest.raises(WebhookSignatureError, match="does not fit"):
        BELIEVING.verify(GOOD, _flipped(BODY, bit), now=NOW)


@given(st.integers(0, len(SIGNATURE) * 8 - 1))
def test_any_bit_of_the_signature(bit: int) -> None:
    """One flipped bit of the signature is enough."""
    changed = b64encode(_flipped(SIGNATURE, bit)).decode()
    with pytest.raises(WebhookSignatureError, match="does not fit"):
        BELIEVING.verify({**GOOD, "Authorization": f"Signature {changed}"}, BODY, now=NOW)


@given(st.binary(max_size=600))
def test_any_other_signature(signature: bytes) -> None:
    """Signatures of every length are refused as such."""
    found = {**GOOD, "Authorization": f"Signature {b64encode(signature).decode()}"}
    if signature != SIGNATURE:
        with pytest.raises(WebhookSignatureError):
            BELIEVING.verify(found, BODY, now=NOW)


@given(st.integers(0, len(SIGNER.der) * 8 - 1))
def test_any_bit_of_the_certificate(bit: int) -> None:
    """One flipped bit of the signer's certificate breaks its chain, or the certificate itself."""
    believing = verifier(Web({URL: _flipped(SIGNER.der, bit), "http://issuers.example/": ISSUER.der}), ROOT)
    with pytest.raises(WebhookSignatureError):
        believing.verify(GOOD, BODY, now=NOW)


@given(st.integers(0, len(PEM) * 8 - 1))
def test_a_broken_document_of_certificates_is_no_crash(bit: int) -> None:
    """A flipped bit between the certificates may mean nothing; it never means another error."""
    with contextlib.suppress(WebhookSignatureError):
        verifier(Web({URL: _flipped(PEM, bit)}), ROOT).verify(GOOD, BODY, now=NOW)


NAMES = st.sampled_from([*GOOD, *(name.lower() for name in GOOD), "x-ms-signature", "Host"]) | st.text(max_size=20)
VALUES = st.sampled_from([*GOOD.values(), "Signature ", URL, "https://certificates.example/é"]) | st.text(max_size=80)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.binary(max_size=200))
def test_arbitrary_headers_and_bodies(pairs: list[tuple[str, str]], body: bytes) -> None:
    """Strangers' headers and bodies end in a refusal and nothing else."""
    with pytest.raises(WebhookSignatureError):
        BELIEVING.verify(pairs, body, now=NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    st.lists,
    max_leaves=5,
)
MEMBERS = ("EventName", "ResourceUri", "AuditUri", "auditurl", "ResourceChangeUtcDate", "resourcechangeutcdate")


@given(st.binary(max_size=60) | st.dictionaries(st.sampled_from(MEMBERS), JSON).map(msgspec.json.encode))
def test_arbitrary_signed_bodies(body: bytes) -> None:
    """A genuine signature over nonsense is refused, not stumbled over."""
    with contextlib.suppress(WebhookSignatureError):
        BELIEVING.verify(headers(SIGNER, body), body, now=NOW)


@given(st.binary(max_size=400))
def test_arbitrary_documents(document: bytes) -> None:
    """Whatever lies at the certificate's address."""
    with pytest.raises(WebhookSignatureError):
        verifier(Web({URL: document}), ROOT).verify(GOOD, BODY, now=NOW)
