"""The one tree of errors. Whatever goes wrong in a call, what is raised is a `PartnerCenterError`.

PartnerCenterError
├── InvalidArgumentError      a call was made with something that cannot be sent (also a ValueError)
├── ConnectionFailedError     no answer came
│   └── TimedOutError         none came in time
├── AuthenticationError       401
│   ├── MfaRequiredError      the user's token carries no MFA (900421)
│   └── CredentialError       no token could be had
├── PermissionDeniedError     403
├── NotFoundError             404
├── ConflictError             409, 412
├── ThrottledError            429
├── InvalidRequestError       any other 4xx
├── ServerError               5xx
├── UnreadableAnswerError     an answer that says nothing that is understood
├── WaitTimeoutError          no decision within the time given; the wait can be resumed
└── WebhookSignatureError     a webhook that is not proven to be Partner Center's
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from vetline.sdk.messages import RawAnswer, without_tokens

# The categories of the .NET client, by status.
# https://github.com/microsoft/partner-center-sdk-for-dotNET DefaultPartnerServiceErrorHandler
CATEGORIES: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "BadInput",
        401: "Unauthorized",
        403: "Forbidden",
        404: "NotFound",
        405: "InvalidOperation",
        406: "UnsupportedDataFormat",
        408: "RequestTimeout",
        409: "AlreadyExists",
        412: "PreconditionFailed",
        429: "TooManyRequests",
        503: "ServerBusy",
        504: "GatewayTimeout",
    }
)


class PartnerCenterError(Exception):
    """A call failed.

    Attributes:
        description: what is wrong, in the service's words where it said any.
        category: the kind of failure, in the words of the .NET client: ``BadInput``, ``Forbidden``, ``ServerBusy`` ...
        code: Partner Center's error code as text, empty when there is none.
            https://learn.microsoft.com/partner-center/developer/error-codes
        error_name: the newer services' name of the case, empty when there is none.
        status: the HTTP status, `None` when no answer came.
        request_id: the MS-RequestId of the call; name it to support.
        correlation_id: its MS-CorrelationId.
        retry_after: the seconds that the service asked to wait, `None` when it did not say.
        answer: the raw answer, `None` when none came.
    """

    def __init__(
        self,
        description: str,
        *,
        category: str = "NotSpecified",
        code: str = "",
        error_name: str = "",
        request_id: str = "",
        correlation_id: str = "",
        retry_after: float | None = None,
        answer: RawAnswer | None = None,
    ) -> None:
        self.description = without_tokens(description)
        super().__init__(self.description)
        self.category = category
        self.code = code
        self.error_name = error_name
        self.status = answer.status if answer else None
        self.request_id = request_id
        self.correlation_id = correlation_id
        self.retry_after = retry_after
        self.answer = answer

    def __str__(self) -> str:
        """Return one line: status, code, what is wrong, and the id to name to support."""
        what = " ".join(part for part in (str(self.status or ""), self.code) if part)
        text = f"{what}: {self.description}" if what else self.description
        return f"{text} (MS-RequestId {self.request_id})" if self.request_id else text

    def __repr__(self) -> str:
        """Return its kind and its text."""
        return f"{type(self).__name__}({str(self)!r})"


class InvalidArgumentError(PartnerCenterError, ValueError):
    """A call was made with something that cannot be sent; nothing was sent."""


class ConnectionFailedError(PartnerCenterError):
    """No answer came. What was asked may have been done: repeat it with the same `request_id`."""


class TimedOutError(ConnectionFailedError):
    """No answer came in time."""


class AuthenticationError(PartnerCenterError):
    """The service does not accept the token."""


class MfaRequiredError(AuthenticationError):
    """The user signed in without multifactor authentication."""


class CredentialError(AuthenticationError):
    """The credential gave no token."""


class PermissionDeniedError(PartnerCenterError):
    """The caller may not do this, or not to this customer."""


class NotFoundError(PartnerCenterError):
    """There is no such customer or resource."""


class ConflictError(PartnerCenterError):
    """It does not go together with what is there already."""


class ThrottledError(PartnerCenterError):
    """Too many requests; `retry_after` says how long to wait."""


class InvalidRequestError(PartnerCenterError):
    """The service refuses the request as it is."""


class ServerError(PartnerCenterError):
    """The service failed."""


class UnreadableAnswerError(PartnerCenterError):
    """The service answered something that is not understood; `answer` holds it."""


class WaitTimeoutError(PartnerCenterError):
    """There was no decision within the time given.

    Attributes:
        token: continues the wait, also from another process.
    """

    def __init__(self, description: str, *, token: str = "") -> None:
        super().__init__(description, category="RequestTimeout")
        self.token = token


class WebhookSignatureError(PartnerCenterError):
    """A webhook that is not proven to be Partner Center's; do not act on it."""
