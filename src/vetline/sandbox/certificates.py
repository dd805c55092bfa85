"""The certificate of `vetline sandbox --tls`, and the authority that a client has to trust for it.

The authority signs this one certificate and its key is forgotten at once, never written: whoever trusts it trusts
nothing that somebody could sign later. So both are one thing, made together and kept together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates
from trustme import CA

from vetline.files import PUBLIC, replace_file
from vetline.logs import get_logger
from vetline.settings import SettingsError

NAMES = ("localhost", "127.0.0.1", "::1")
# 397 days with the one for clocks that are late: no client has a stricter limit. https://support.apple.com/102028
LIVES = timedelta(days=396)
_LATE_CLOCKS = timedelta(days=1)
# A sandbox that is started now should not see its certificate lapse.
RENEWED_BEFORE = timedelta(days=30)

log = get_logger("vetline.sandbox")


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where the two sides find what they need; both paths are absolute.

    Parameters:
        server: the private key, the certificate and the authority's, for the server alone.
        ca_file: the authority's certificate, for clients to trust.
    """

    server: Path
    ca_file: Path


def certificate_in(folder: Path, now: datetime) -> Certificate:
    """Return the certificate kept in `folder`; where there is none that serves on, a new one.

    Parameters:
        now: the machine's own time, for that is what clients go by.

    Raises:
        SettingsError: it cannot be kept there.
    """
    kept = Certificate(folder.absolute() / "tls.pem", folder.absolute() / "ca.pem")
    try:
        authority = _authority_of(kept.server, now)
        if authority is None:
            authority = _make(kept.server, now)
            log.info("made a certificate authority: clients have to trust the new one")
        # Written at each start, so that it is always the one that signed.
        replace_file(kept.ca_file, authority, PUBLIC)
    except OSError as error:
        raise SettingsError(
            f"No certificate can be kept in {folder} ({error.strerror}). Give another --data."
        ) from error
    return kept


def _authority_of(server: Path, now: datetime) -> bytes | None:
    """Return the authority's certificate out of a file that serves on; `None` for any other file."""
    if not server.exists():
        return None
    pem = server.read_bytes()
    try:
        key = load_pem_private_key(pem, None)
        certificate, authority = load_pem_x509_certificates(pem)
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return None
    fits = certificate.public_key() == key.public_key()
    lasts = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - RENEWED_BEFORE
    return pem[pem.rindex(b"-----BEGIN CERTIFICATE-----") :] if fits and lasts else None


def _make(server: Path, now: datetime) -> bytes:
    """Make an authority and its one certificate, keep the certificate, and return the authority's."""
    authority = CA(organization_name="Vetline sandbox", path_length=0)
    issued = authority.issue_cert(
        *NAMES, organization_name="Vetline sandbox", not_before=now - _LATE_CLOCKS, not_after=now + LIVES
    )
    replace_file(server, issued.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes())
    return authority.cert_pem.bytes()
