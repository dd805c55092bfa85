"""The key that signs a sandbox's webhooks, and an authority of its own that says whose it is.

Made when the first webhook needs it, because making an RSA key takes longer than all else at a start. Kept beside the
data; the authority's own key is forgotten at once, as that of `--tls` is.
"""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from cryptography.x509 import load_pem_x509_certificates

from vetline.clock import SystemClock
from vetline.files import PUBLIC, replace_file
from vetline.logs import get_logger
from vetline.webhooks.signing import PemSigner

ORGANIZATION = "Vetline sandbox"
log = get_logger("vetline.sandbox")

_NAME = "webhooks.sandbox.example"
# A sandbox's clock goes ten years ahead, and whoever receives its webhooks may go by it.
_LIVES, _EARLIER, _RENEWED_BEFORE = timedelta(days=4000), timedelta(days=30), timedelta(days=3700)


def signer_in(folder: Path) -> "SandboxSigner | None":
    """Return what signs webhooks, `None` where nothing is installed that makes a certificate."""
    if find_spec("trustme") is None:
        log.info("webhooks need one more package: pip install 'vetline[sandbox]'")
        return None
    return SandboxSigner(folder)


class SandboxSigner:
    """See `Signer`.

    Parameters:
        folder: where the key is kept, and the authority's certificate, for those who trust it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder.absolute() / "webhooks.pem"
        self._ca_file = folder.absolute() / "webhooks-ca.pem"
        self._lock = Lock()
        self._made: PemSigner | None = None

    def certificate(self) -> bytes:
        """See `Signer.certificate`."""
        return self._signer().certificate()

    def sign(self, body: bytes) -> bytes:
        """See `Signer.sign`."""
        return self._signer().sign(body)

    def authority(self) -> bytes:
        """Return the certificate of the authority, PEM, and leave it in its file."""
        self._signer()
        return self._ca_file.read_bytes()

    def _signer(self) -> PemSigner:
        with self._lock:
            if self._made is None:
                self._made = self._kept() or self._make()
            return self._made

    def _kept(self) -> PemSigner | None:
        """Return what an earlier run left, while it is of use."""
        if not self._file.exists() or not self._ca_file.exists():
            return None
        try:
            found = PemSigner(self._file.read_bytes())
        except ValueError:
            return None
        leaf = load_pem_x509_certificates(found.certificate())[0]
        return found if leaf.not_valid_after_utc > SystemClock().now() + _RENEWED_BEFORE else None

    def _make(self) -> PemSigner:
        from trustme import CA, KeyType  # it takes a while to import, and is not part of every installation

        now = SystemClock().now()
        authority = CA(organization_name=ORGANIZATION, path_length=0)
        issued = authority.issue_cert(
            _NAME,
            organization_name=ORGANIZATION,
            not_before=now - _EARLIER,
            not_after=now + _LIVES,
            key_type=KeyType.RSA,
        )
        pem = issued.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes()
        replace_file(self._ca_file, authority.cert_pem.bytes(), PUBLIC)
        replace_file(self._file, pem)
        return PemSigner(pem)
