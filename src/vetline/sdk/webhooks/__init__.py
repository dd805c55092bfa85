"""Partner Center's webhooks: is this delivery really Microsoft's, and what does it say?

Needs the extra `vetline[webhooks]`. Nothing else of Vetline's client imports this package.
"""

try:
    import cryptography as _cryptography
except ModuleNotFoundError as error:
    raise ImportError("Verifying webhooks needs one more package: pip install 'vetline[webhooks]'") from error

from vetline.sdk.errors import WebhookSignatureError
from vetline.sdk.webhooks.errors import CertificateUnavailableError, RepeatedDeliveryError
from vetline.sdk.webhooks.events import WebhookEvent
from vetline.sdk.webhooks.fetching import AsyncHttpFetch, HttpFetch
from vetline.sdk.webhooks.verifier import AsyncWebhookVerifier, WebhookVerifier

del _cryptography

__all__ = [
    "AsyncHttpFetch",
    "AsyncWebhookVerifier",
    "CertificateUnavailableError",
    "HttpFetch",
    "RepeatedDeliveryError",
    "WebhookEvent",
    "WebhookSignatureError",
    "WebhookVerifier",
]
