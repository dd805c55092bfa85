"""The operating system's trusted certificates."""

import ssl
import warnings
from collections.abc import Sequence

from cryptography.x509 import Certificate

from vetline.sdk.errors import WebhookSignatureError
from vetline.sdk.webhooks.certificates import read_certificates


def system_roots() -> list[Certificate]:
    """Return the roots that this machine trusts; Microsoft's and DigiCert's are among them."""
    documents = ssl.create_default_context().get_ca_certs(binary_form=True)
    # Windows hands out intermediates too, which nobody decided to trust.
    return [one for one in _readable(documents) if one.subject == one.issuer]


def _readable(documents: Sequence[bytes]) -> list[Certificate]:
    found: list[Certificate] = []
    # Some roots are old and have a serial number of zero: worth a warning in a stranger's, not in one that is trusted.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for document in documents:
            try:
                found += read_certificates(document)
            except WebhookSignatureError:
                continue  # one that cannot be read vouches for nothing
    return found
