"""The one catalogue of errors: each with its status, its code, its text and the source of both.

Input problems are 400, conflicts with what the customer already holds are 409. Where no source names a code for a
case, the nearest documented code is used and `errorName` tells which case it is.
"""

from typing import Final

import msgspec

# https://learn.microsoft.com/partner-center/developer/error-codes (06/15/2023)
EC: Final = "https://learn.microsoft.com/partner-center/developer/error-codes"
MFA: Final = "https://learn.microsoft.com/partner-center/developer/partner-center-authentication"
VALIDATION: Final = "https://learn.microsoft.com/partner-center/developer/get-customer-validation-status"
THROTTLING: Final = "https://learn.microsoft.com/partner-center/developer/api-throttling-guidance"
AUDIENCE: Final = "https://github.com/microsoft/Partner-Center-DotNet-Samples/issues/140"
FILTER: Final = "https://github.com/microsoft/partner-center-sdk-for-dotNET CustomerCollectionOperations tests"
TAGGING: Final = "https://github.com/microsoft/Partner-Center-PowerShell/issues/258"
OURS: Final = "docs/wire.md"

MAX_DESCRIPTION: Final = 1024  # EC: the description holds at most 1,024 characters

FRONT_DOOR: Final = "PartnerFD"
SERVICE: Final = "PartnerApiServiceControllers"


class Fault(msgspec.Struct, frozen=True):
    """One error that the service can answer with.

    Parameters:
        name: which case it is, on the wire as `errorName`.
        status: the HTTP status.
        code: the Partner Center error code, a string on the wire.
        text: what is wrong, and where it helps what to do next.
        source: where status, code and text come from; docs/wire.md where they are ours.
        origin: which part of Partner Center would say so, on the wire as `source`.
        retryable: whether the same request may succeed later.
    """

    name: str
    status: int
    code: str
    text: str
    source: str
    origin: str = SERVICE
    retryable: bool = False


# Who calls
ACCESS_DENIED = Fault("AccessDenied", 401, "400", "Access denied", EC, FRONT_DOOR)
TOKEN_REJECTED = Fault("TokenRejected", 401, "800001", "Partner Token missing in request context", EC, FRONT_DOOR)
AUDIENCE_INVALID = Fault(
    "AudienceInvalid",
    401,
    "900420",
    "The audience '{audience}' in the token is invalid and is no longer supported in Partner Center API.",
    AUDIENCE,
    FRONT_DOOR,
)
MFA_REQUIRED = Fault(
    "MfaRequired",
    401,
    "900421",
    "MFA is required: the user's token has no 'mfa' in its amr claim. Sign in with multifactor authentication.",
    MFA,
    FRONT_DOOR,
)
APP_ONLY = Fault(
    "AppOnlyNotSupported",
    403,
    "900329",
    "This resource does not support application-only authentication.",
    EC,
    FRONT_DOOR,
)
INSUFFICIENT_PRIVILEGES = Fault(
    "InsufficientPrivileges", 403, "900308", "Insufficient privileges to complete the operation.", EC, FRONT_DOOR
)
NO_RELATIONSHIP = Fault(
    "NoRelationship",
    403,
    "20002",
    "The partner ID {partner} has no commerce relationship with the customer ID {customer}.",
    EC,
    FRONT_DOOR,
)

# What is not there
CUSTOMER_NOT_FOUND = Fault("CustomerNotFound", 404, "60003", "Tenant not found", EC)
ACCOUNT_STATUS_NOT_FOUND = Fault(
    "AccountStatusNotFound", 404, "600074", "Account Status for the customer, {customer} was not found.", VALIDATION
)
NOT_FOUND = Fault("NotFound", 404, "1000", "Not found", EC)
WEBHOOK_NOT_REGISTERED = Fault(
    "WebhookNotRegistered", 404, "1000", "No webhook is registered: POST /webhooks/v1/registration does that.", OURS
)

# What is wrong with the request
INVALID_CUSTOMER_ID = Fault(
    "InvalidCustomerId", 400, "900118", "Invalid Customer ID: give the customer's tenant ID, a GUID.", EC
)
UNKNOWN_ENUM = Fault(
    "UnknownEnumValue", 400, "900126", "Unable to parse enum: {value} For more information, please visit {where}", EC
)
WRONG_ENVIRONMENT = Fault(
    "NotInThisEnvironment", 400, "900127", "This operation isn't supported in this environment", EC
)
SANDBOX_FULL = Fault("SandboxLimitReached", 400, "800018", "The sandbox limit has been met", EC)
STALE_ETAG = Fault("StaleEtag", 400, "2055", "Etag is no longer valid", EC)
INVALID_PROPERTY = Fault("InvalidProperty", 400, "3000", "Invalid property", EC)
INVALID_FILTER = Fault(
    "InvalidFilter", 400, "2000", "Customer search only allows starts with and equals operation.", FILTER
)


def _input(name: str, text: str, source: str = OURS) -> Fault:
    return Fault(name, 400, "800002", f"Invalid request input: {text}" if text else "Invalid request input", source)


INVALID_INPUT = _input("InvalidInput", "", EC)
MALFORMED_JSON = _input("MalformedJson", "the body is not valid JSON.")
QUALIFICATION_REQUIRED = _input("QualificationRequired", 'name one in the body, such as {"qualification":"Education"}.')
QUALIFICATION_NOT_SETTABLE = _input(
    "QualificationNotSettable", "only Education, GovernmentCommunityCloud and StateOwnedEntity can be set."
)
SEGMENT_REQUIRED = _input("EducationSegmentRequired", "Education needs an educationSegment: K12 or HigherEducation.")
CODE_REQUIRED = _input(
    "ValidationCodeRequired",
    "GovernmentCommunityCloud needs a validationCode; /v1/customers/all/validations lists yours.",
)
CODE_NOT_FOUND = _input(
    "ValidationCodeNotFound", "this partner has no such validation code; /v1/customers/all/validations lists yours."
)
CODE_EXHAUSTED = _input(
    "ValidationCodeExhausted", "the validation code has no creations left; use another, or ask for a new one."
)
CODE_CONFLICT = _input("ValidationCodeConflict", "the validation codes in the query and in the body differ.")
REQUEST_ID_REUSED = _input(
    "RequestIdReused", "this MS-RequestId was used for another body. Use a fresh GUID for a new request."
)
INVALID_REQUEST_ID = _input(
    "InvalidRequestId", "MS-RequestId must be a GUID, at any rate plain and at most 128 characters."
)
WEBHOOK_URL_REFUSED = _input("WebhookUrlRefused", "this WebhookUrl cannot be called.")
WEBHOOK_SECRET_INVALID = _input(
    "WebhookSecretInvalid", "StandardWebhooksSecret must be whsec_ and 24 to 64 random bytes in base64."
)
TEST_EVENT_NOT_REGISTERED = _input(
    "TestEventNotRegistered", "register for test-created first, with PUT /webhooks/v1/registration."
)
INVALID_CONTINUATION = _input("InvalidContinuation", "this MS-ContinuationToken was not issued here; start again.")
TAGGING_DENIED = Fault("CustomerTaggingDenied", 400, "800002", "Customer tagging denied.", TAGGING)


# What conflicts with what the customer already holds
def _conflict(name: str, text: str) -> Fault:
    return Fault(name, 409, "900141", f"This operation isn't supported: {text}", OURS)


ALREADY_IN_REVIEW = _conflict("AlreadyInReview", "this qualification is already in review.")
ALREADY_QUALIFIED = _conflict("AlreadyQualified", "the customer already holds this qualification.")
CANNOT_BE_COMBINED = _conflict("QualificationsCannotBeCombined", "GCC and Education cannot be combined.")
ATTEMPTS_EXHAUSTED = _conflict(
    "VerificationAttemptsExhausted", "all three verification requests are used. Contact support for a manual check."
)
NOT_AWAITING_DECISION = _conflict("NotAwaitingDecision", "the case does not wait for this decision; read it again.")
REASON_NOT_APPLICABLE = _conflict(
    "ReasonNotApplicable", "'No longer an Education Customer' ends an approval, and nothing else does."
)
DECISION_PENDING = _conflict("DecisionPending", "a decision is about to take effect; read the case again soon.")
SECOND_PERSON_NEEDED = _conflict(
    "SecondPersonNeeded", "you proposed this decision, and a second person has to make the same one."
)
PROPOSAL_DIFFERS = _conflict(
    "ProposalDiffers", "another decision is proposed; agree with its outcome and reason, or have it withdrawn."
)
NOTHING_PROPOSED = _conflict("NothingProposed", "no decision is proposed that could be withdrawn; read it again.")
WEBHOOK_REGISTERED = _conflict(
    "WebhookAlreadyRegistered", "a webhook is registered; PUT /webhooks/v1/registration changes it."
)
CONCURRENT_CHANGE = _conflict("ConcurrentChange", "the resource changed meanwhile; read it again.")

# What HTTP itself refuses. EC lists the statuses, not codes for them.
METHOD_NOT_ALLOWED = Fault("MethodNotAllowed", 405, "900141", "This operation isn't supported", EC)
NOT_ACCEPTABLE = Fault("NotAcceptable", 406, "800002", "Only application/json can be answered.", EC)
REQUEST_TIMEOUT = Fault(
    "RequestTimeout", 408, "800002", "The request's body did not arrive in time.", EC, retryable=True
)
TOO_LARGE = Fault("RequestTooLarge", 413, "800002", "The request's body is larger than {limit} bytes.", OURS)
RETIRED = Fault(
    "Retired", 410, "900141", "This operation isn't supported any more: use GET and POST /qualifications.", OURS
)
UNSUPPORTED_MEDIA = Fault("UnsupportedMediaType", 415, "800002", "Send the body as application/json in UTF-8.", OURS)


# What goes wrong here
UNEXPECTED = Fault("Unexpected", 500, "800003", "Unexpected service error", EC)
UNAVAILABLE = Fault(
    "Unavailable",
    503,
    "900192",
    "Something went wrong. Try again after some time.",
    EC,
    retryable=True,
)

CATALOGUE: Final = tuple(value for value in list(globals().values()) if isinstance(value, Fault))


class FaultError(Exception):
    """Raised wherever a request has to be answered with a fault.

    Parameters:
        fault: which one.
        detail: replaces the catalogue's text, for the part that only the request knows.
        headers: further response headers.
        words: fill the placeholders of the catalogue's text.
    """

    def __init__(
        self, fault: Fault, detail: str | None = None, headers: tuple[tuple[bytes, bytes], ...] = (), **words: str
    ) -> None:
        self.fault = fault
        self.headers = headers
        text = detail if detail is not None else fault.text.format(**words) if words else fault.text
        self.description = text[:MAX_DESCRIPTION]
        super().__init__(f"{fault.name}: {self.description}")
