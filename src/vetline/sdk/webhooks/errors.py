"""The refusals that ask for another answer than 401.

Every refusal is a `WebhookSignatureError` in one sentence that quotes neither the signature nor the body.
"""

from vetline.sdk.errors import WebhookSignatureError


class CertificateUnavailableError(WebhookSignatureError):
    """A certificate could not be fetched, so nothing is known yet: answer 503, and Partner Center tries again."""


class RepeatedDeliveryError(WebhookSignatureError):
    """The delivery is genuine, and was already verified: answer 200 and do nothing with it."""
