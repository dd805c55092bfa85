"""Whose key is it? From a fetched document to a key that a trusted root vouches for, at a given moment.

No I/O: the certificates are handed in. Revocation is not asked for: that would be another stranger's server in every
verification, and a certificate that is renewed often and fetched from Microsoft each hour leaves little to revoke.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, ExtensionNotFound
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store

from vetline.sdk.errors import WebhookSignatureError

_MOST_CERTIFICATES = 10
_MOST_INTERMEDIATES = 4
_FEWEST_BITS = 2048
_PEM = b"-----BEGIN "
_MALFORMED = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, UnsupportedAlgorithm, Warning)

# What a certificate for a host's name may do; Microsoft's signer has such a name.
_HOSTS = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
_AUTHORITIES = ExtensionPolicy.webpki_defaults_ca().may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)


class Signer(NamedTuple):
    """A key that a trusted root vouches for.

    Attributes:
        key: the public key.
        valid_until: the moment until which every certificate of its chain is valid.
    """

    key: rsa.RSAPublicKey
    valid_until: datetime

    def signed(self, signature: bytes, body: bytes) -> bool:
        """Whether the signature is this key's, over exactly these bytes (RSA PKCS #1 v1.5 with SHA-256)."""
        try:
            self.key.verify(signature, body, padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


class Anchors:
    """The roots that are trusted."""

    def __init__(self, roots: Sequence[Certificate]) -> None:
        """Trust `roots`.

        Raises:
            ValueError: there is none.
        """
        if not roots:
            raise ValueError("there is no root certificate to trust: give some with roots=")
        self._store = Store(list(roots))
        self._subjects = {root.subject for root in roots}

    def signer(self, leaf: Certificate, intermediates: Sequence[Certificate], now: datetime) -> Signer:
        """Return the leaf's key with the time for which its whole chain is valid.

        Raises:
            VerificationError: no chain leads to a root.
            WebhookSignatureError: the key is none that may sign.
        """
        chain = self._chain(leaf, intermediates, now)
        return Signer(
            _signing_key(leaf),
            min(one.not_valid_after_utc for one in chain),
        )

    def _chain(self, leaf: Certificate, intermediates: Sequence[Certificate], now: datetime) -> list[Certificate]:
        # The policy for the Web's authorities, because Microsoft's are such. Any name for the leaf, because no source
        # says which one it must have; and authorities for servers alone too, as new ones are, not only for clients.
        policy = PolicyBuilder().store(self._store).time(now.astimezone(UTC).replace(tzinfo=None))
        policy = policy.max_chain_depth(_MOST_INTERMEDIATES).extension_policies(
            ca_policy=_AUTHORITIES, ee_policy=ExtensionPolicy.permit_all()
        )
        return policy.build_client_verifier().verify(leaf, list(intermediates)).chain

    def missing_issuer(self, leaf: Certificate, intermediates: Sequence[Certificate]) -> list[str]:
        """Return the addresses of the certificate that is missing between the leaf and a root; none if none is.

        Microsoft serves the leaf alone (a .cer file), so its issuer must be found the way Windows finds it, by the
        address in the certificate: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1
        """
        last, others = leaf, list(intermediates)
        while issuer := next((one for one in others if one.subject == last.issuer), None):
            others.remove(issuer)
            last = issuer
        return [] if last.issuer in self._subjects or last.issuer == last.subject else _issuer_addresses(last)


def read_certificates(document: bytes) -> list[Certificate]:
    """Return the certificates in a fetched document, DER or PEM, in its order.

    Raises:
        WebhookSignatureError: it holds none, or too many.
    """
    try:
        found = _parsed(document)
        for one in found:
            _ = one.extensions, one.subject, one.issuer  # read here, so that nothing later stumbles over them
    except _MALFORMED as error:
        raise WebhookSignatureError("What lies at the certificate's address is no X.509 certificate.") from error
    if len(found) > _MOST_CERTIFICATES:
        raise WebhookSignatureError(f"More than {_MOST_CERTIFICATES} certificates lie at the certificate's address.")
    return found


def _parsed(document: bytes) -> list[Certificate]:
    if _PEM in document:
        return x509.load_pem_x509_certificates(document)
    return [x509.load_der_x509_certificate(document)]


def check_leaf(leaf: Certificate, organization: str, now: datetime) -> None:
    """Refuse a certificate that could never sign a webhook, whatever its chain.

    Raises:
        WebhookSignatureError: it is not valid now, of another issuer, or has a key that may not or cannot sign.
    """
    if now < leaf.not_valid_before_utc:
        raise WebhookSignatureError(f"The certificate is not valid before {leaf.not_valid_before_utc:%Y-%m-%d %H:%M}Z.")
    if now > leaf.not_valid_after_utc:
        raise WebhookSignatureError(f"The certificate expired at {leaf.not_valid_after_utc:%Y-%m-%d %H:%M}Z.")
    # The documented check of the "Organization" reads the issuer's, as Microsoft's own sample does.
    # https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#example-for-signature-validation
    named = [one.value for one in leaf.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    if named != [organization]:
        raise WebhookSignatureError(f"The certificate's issuer is not of the organization {organization}.")
    if _is_authority(leaf) or not (_may_sign(leaf) and _is_for_hosts(leaf)):
        raise WebhookSignatureError("The certificate's key is not one for signatures.")
    _signing_key(leaf)


def _is_authority(leaf: Certificate) -> bool:
    try:
        return leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except ExtensionNotFound:
        return False


def _may_sign(leaf: Certificate) -> bool:
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        return usage.digital_signature or usage.content_commitment
    except ExtensionNotFound:
        return True  # without the extension a key may do everything: RFC 5280, section 4.2.1.3


def _is_for_hosts(leaf: Certificate) -> bool:
    # Microsoft also issues certificates for signing code, to anybody: one of those is no proof of who sent a webhook.
    # https://learn.microsoft.com/azure/trusted-signing/concept-trusted-signing-cert-management
    try:
        return not _HOSTS.isdisjoint(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except ExtensionNotFound:
        return True


def _signing_key(leaf: Certificate) -> rsa.RSAPublicKey:
    try:
        key = leaf.public_key()
    except _MALFORMED as error:
        raise WebhookSignatureError("The certificate's key cannot be read.") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise WebhookSignatureError("The certificate's key is not an RSA key.")
    if key.key_size < _FEWEST_BITS:
        raise WebhookSignatureError(f"The certificate's key has fewer than {_FEWEST_BITS} bits.")
    return key


def _issuer_addresses(certificate: Certificate) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except ExtensionNotFound:
        return []
    places = [one.access_location for one in access if one.access_method == AuthorityInformationAccessOID.CA_ISSUERS]
    return [place.value for place in places if isinstance(place, x509.UniformResourceIdentifier)]
