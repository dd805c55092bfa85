"""Signs webhooks as Partner Center does, for tests, with an authority of its own and what a verifier needs to trust it.

signer = WebhookSigner()
verifier = WebhookVerifier(roots=signer.roots, allowed_hosts=signer.allowed_hosts, fetch=signer.fetch)
headers, body = signer.sign({"EventName": "test-created", ...})
event = verifier.verify(headers, body)
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from vetline.clock import SystemClock
from vetline.sdk.webhooks.errors import CertificateUnavailableError

_ORGANIZATION = "Microsoft Corporation"
_PATH = "/cert/pcnotifications-dispatch.cer"
_VALID_FOR = timedelta(days=365)
_EARLIER = timedelta(days=30)


class WebhookSigner:
    """Stands in for Partner Center. It serves nothing: `fetch` answers, or serve `certificate_pem` yourself.

    Attributes:
        certificate_url: where the certificate is said to be.
        certificate_pem: what lies there: the certificate, then its issuer's.
        certificate_der: the certificate alone.
        roots: for `roots=` of a verifier.
        allowed_hosts: for `allowed_hosts=` of a verifier.
    """

    def __init__(self, *, host: str = "certificates.example", now: datetime | None = None) -> None:
        """Make an authority and a certificate, valid from a month before `now` until a year after it.

        Parameters:
            host: the host of `certificate_url`, with its port if it has one.
            now: the moment, aware; the machine's clock by default.
        """
        now = now or SystemClock().now()
        root_key, issuer_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        root = _authority("Vetline Test Root", root_key, None, root_key, now)
        issuer = _authority("Vetline Test Issuer", issuer_key, root, root_key, now)
        certificate = _leaf(self._key.public_key(), issuer, issuer_key, now)
        self.roots = [root]
        self.allowed_hosts = frozenset({host})
        self.certificate_url = f"https://{host}{_PATH}"
        self.certificate_der = certificate.public_bytes(Encoding.DER)
        self.certificate_pem = certificate.public_bytes(Encoding.PEM) + issuer.public_bytes(Encoding.PEM)

    def sign(
        self,
        event: Mapping[str, Any] | bytes,
        *,
        header: Literal["Authorization", "x-ms-signature"] = "Authorization",
    ) -> tuple[dict[str, str], bytes]:
        """Return the headers and the body of a delivery.

        Parameters:
            event: the members, by Partner Center's names; or a body's bytes, to be signed as they are.
            header: where the signature goes; the second is what `SignatureTokenToMsSignatureHeader` asks for.
        """
        body = event if isinstance(event, bytes) else msgspec.json.encode(event)
        signature = self._key.sign(body, padding.PKCS1v15(), SHA256())
        headers = {
            "Content-Type": "application/json",
            header: f"Signature {b64encode(signature).decode()}",
            "X-MS-Certificate-Url": self.certificate_url,
            "X-MS-Signature-Algorithm": "rsa-sha256",
        }
        return headers, body

    def fetch(self, url: str) -> bytes:
        """Return what lies at `url`; for `fetch=` of a `WebhookVerifier`.

        Raises:
            CertificateUnavailableError: it is not `certificate_url`.
        """
        if url != self.certificate_url:
            raise CertificateUnavailableError(f"The certificate at {url} is not this signer's.")
        return self.certificate_pem

    async def afetch(self, url: str) -> bytes:
        """Return what lies at `url`; for `fetch=` of an `AsyncWebhookVerifier`; see `fetch`."""
        return self.fetch(url)


def _authority(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    subject = _name(name)
    certificate = _certificate(subject, issuer.subject if issuer else subject, now).public_key(key.public_key())
    certificate = certificate.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = certificate.add_extension(_usage(signs_certificates=True), critical=True)
    return _identified(certificate, key.public_key(), issuer_key).sign(issuer_key, SHA256())


def _leaf(
    key: rsa.RSAPublicKey, issuer: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    certificate = _certificate(_name("pcnotifications-dispatch.example"), issuer.subject, now).public_key(key)
    certificate = certificate.add_extension(_usage(signs_certificates=False), critical=True)
    return _identified(certificate, key, issuer_key).sign(issuer_key, SHA256())


def _certificate(subject: x509.Name, issuer: x509.Name, now: datetime) -> x509.CertificateBuilder:
    # A certificate's time has whole seconds.
    start = now.astimezone(UTC).replace(microsecond=0) - _EARLIER
    certificate = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    certificate = certificate.serial_number(x509.random_serial_number())
    return certificate.not_valid_before(start).not_valid_after(start + _EARLIER + _VALID_FOR)


def _identified(
    certificate: x509.CertificateBuilder,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    own = x509.SubjectKeyIdentifier.from_public_key(key)
    issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return certificate.add_extension(own, critical=False).add_extension(issuers, critical=False)


def _name(common_name: str) -> x509.Name:
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION)
    return x509.Name([organization, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
