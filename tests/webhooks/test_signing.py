"""Signatures, checked by an independent implementation: openssl on the command line."""

import hmac
import subprocess
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from vetline.webhooks.signing import PemSigner, microsoft_headers, secret_bytes, standard_headers

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BODY = '{"EventName":"test-created","é":1}'.encode()


def pem(key_type: trustme.KeyType = trustme.KeyType.RSA) -> bytes:
    """Return a key, its certificate and its authority's."""
    authority = trustme.CA()
    issued = authority.issue_cert("webhooks.example", key_type=key_type)
    return bytes(issued.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes())


@pytest.fixture(scope="module")
def signer() -> PemSigner:
    """A signer."""
    return PemSigner(pem())


def openssl(*arguments: str, given: bytes = b"") -> str:
    """Return what openssl says."""
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(("tampered", "says"), [(b"", "Verified OK"), (b" ", "Verification failure")])
def test_openssl_verifies_the_signature(signer: PemSigner, tmp_path: Path, tampered: bytes, says: str) -> None:
    """With the key of the certificate that is served; another body has another signature."""
    certificate, key, signature = tmp_path / "c.pem", tmp_path / "k.pem", tmp_path / "s.bin"
    certificate.write_bytes(signer.certificate())
    key.write_text(openssl("x509", "-in", str(certificate), "-pubkey", "-noout"))
    headers = microsoft_headers(signer.sign(BODY), "https://a.example/c.pem", in_ms_header=False)
    signature.write_bytes(b64decode(headers["Authorization"].removeprefix("Signature ")))
    command = ["dgst", "-sha256", "-verify", str(key), "-signature", str(signature)]
    assert says in openssl(*command, given=BODY + tampered)


def test_signature_moves_where_the_registration_asks() -> None:
    """And is the same there."""
    plain = microsoft_headers(b"sig", "https://a.example/c.pem", in_ms_header=False)
    moved = microsoft_headers(b"sig", "https://a.example/c.pem", in_ms_header=True)
    assert plain.pop("Authorization") == moved.pop("x-ms-signature") == "Signature c2ln"
    assert (
        plain == moved == {"X-MS-Certificate-Url": "https://a.example/c.pem", "X-MS-Signature-Algorithm": "rsa-sha256"}
    )


def test_standard_signature_is_as_its_specification_has_it() -> None:
    """Its example, and openssl's own: over id, time and body, with the bytes that the secret stands for."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = standard_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    key = secret_bytes(secret).hex()
    assert openssl("dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}", given=signed).split()[-1] == (
        b64decode(headers["webhook-signature"].removeprefix("v1,")).hex()
    )


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=99))
def test_every_secret_of_the_right_length_signs(key: bytes, body: bytes) -> None:
    """The receiver comes to the same."""
    headers = standard_headers(f"whsec_{b64encode(key).decode()}", "id", NOW, body)
    expected = hmac.new(key, b"id.%d.%s" % (NOW.timestamp(), body), sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(expected).decode()}"


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "secret", "whsec_" + "é" * 40, "whsec_" + "A" * 100, "whsec_AAAA*AAA"]
)
def test_what_is_no_secret_is_refused(secret: str) -> None:
    """Before it is kept."""
    with pytest.raises(ValueError, match=r"."):
        secret_bytes(secret)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "private key"),
        (pem(trustme.KeyType.ECDSA), "RSA key"),
        (trustme.CA().issue_cert("a.example", key_type=trustme.KeyType.RSA).private_key_pem.bytes(), "certificate"),
        (
            trustme.CA().issue_cert("a.example", key_type=trustme.KeyType.RSA).private_key_pem.bytes()
            + trustme.CA().cert_pem.bytes(),
            "not the key's",
        ),
    ],
    ids=["empty", "broken", "another kind", "no certificate", "another's"],
)
def test_file_that_cannot_sign_is_refused(content: bytes, says: str) -> None:
    """With a sentence that says why."""
    with pytest.raises(ValueError, match=says):
        PemSigner(content)
