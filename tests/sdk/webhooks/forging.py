"""Makes certificate chains, good and hostile ones, and signs deliveries with them."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Unpack

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from vetline.sdk.webhooks import CertificateUnavailableError, WebhookVerifier
from vetline.sdk.webhooks.verifier import Trust

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MICROSOFT = "Microsoft Corporation"
URL = "https://certificates.example/cert/signer.cer"
BODY = b'{"EventName":"test-created","ResourceName":"test","ResourceChangeUtcDate":"2026-03-01T11:59:00.0520276+00:00"}'

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def rsa_key(bits: int = 2048, which: int = 0) -> rsa.RSAPrivateKey:
    """Return an RSA key; the same one for the same arguments."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True)
class Party:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        """The certificate's text."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)


def issue(
    name: str,
    by: Party | None = None,
    *,
    key: Key | None = None,
    organization: str = MICROSOFT,
    ca: bool | None = True,
    path_length: int | None = None,
    usage: str | None = "key_cert_sign",
    start: datetime = NOW - timedelta(days=30),
    end: datetime = NOW + timedelta(days=30),
    issuer_at: str | None = None,
    purposes: Sequence[x509.ObjectIdentifier] = (),
) -> Party:
    """Return a party whose certificate `by` issued; self-signed without it. `ca=None`, `usage=None`: no extension."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    issuer_key = by.key if by else key
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
    ]
    if ca is not None:
        extensions.append((x509.BasicConstraints(ca=ca, path_length=path_length if ca else None), True))
    if usage is not None:
        extensions.append((_usage(usage), True))
    if issuer_at is not None:
        place = x509.UniformResourceIdentifier(issuer_at)
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
        extensions.append((x509.AuthorityInformationAccess([access]), False))
    if purposes:
        extensions.append((x509.ExtendedKeyUsage(purposes), False))
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(by.certificate.subject if by else subject)
    builder = builder.serial_number(x509.random_serial_number()).public_key(key.public_key())
    builder = builder.not_valid_before(start).not_valid_after(end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Party(builder.sign(issuer_key, SHA256()), key)


def _usage(which: str) -> x509.KeyUsage:
    names = [
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ]
    return x509.KeyUsage(**{name: name == which for name in names})


def leaf(by: Party, **changes: object) -> Party:
    """Return a signer's certificate, with whatever is to be wrong in it."""
    settings: dict[str, object] = {"ca": None, "usage": "digital_signature", "key": rsa_key(), **changes}
    return issue("pcnotifications-dispatch.example", by, **settings)  # type: ignore[arg-type]


def headers(signer: Party, body: bytes = BODY, url: str = URL) -> dict[str, str]:
    """Return a delivery's headers, signed by any RSA party."""
    assert isinstance(signer.key, rsa.RSAPrivateKey)
    signature = b64encode(signer.key.sign(body, padding.PKCS1v15(), SHA256())).decode()
    return {
        "Authorization": f"Signature {signature}",
        "X-MS-Certificate-Url": url,
        "X-MS-Signature-Algorithm": "rsa-sha256",
    }


@dataclass
class Web:
    """Documents by their address; what is not there is unavailable. It remembers who asked for what."""

    documents: dict[str, bytes]
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> bytes:
        """Return a document."""
        self.asked.append(url)
        if url not in self.documents:
            raise CertificateUnavailableError(f"{url} is not there")
        return self.documents[url]

    async def later(self, url: str) -> bytes:
        """Return a document, for the asynchronous verifier."""
        return self(url)


def trust(root: Party, **changes: Unpack[Trust]) -> Trust:
    """Return whom a verifier under test believes."""
    found: Trust = {
        "roots": [root.certificate],
        "allowed_hosts": {"certificates.example"},
        "issuer_hosts": {"issuers.example"},
    }
    return {**found, **changes}


def verifier(web: Web, root: Party, **changes: Unpack[Trust]) -> WebhookVerifier:
    """Return a verifier that trusts `root`."""
    return WebhookVerifier(fetch=web, **trust(root, **changes))
