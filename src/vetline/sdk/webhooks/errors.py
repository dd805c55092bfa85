"""Why a webhook is not believed. Each error is one sentence that quotes neither the signature nor the body."""


class WebhookSignatureError(Exception):
    """The delivery is not proven to be Partner Center's: answer 401 and do nothing with it."""


class CertificateUnavailableError(WebhookSignatureError):
    """A certificate could not be fetched, so nothing is known yet: answer 503, and Partner Center tries again."""


class RepeatedDeliveryError(WebhookSignatureError):
    """The delivery is genuine, and was already verified: answer 200 and do nothing with it."""
