"""The headers of the wire, lower-case as ASGI has them.

Source: https://learn.microsoft.com/partner-center/developer/headers
"""

from typing import Final

REQUEST_ID: Final = b"ms-requestid"
CORRELATION_ID: Final = b"ms-correlationid"
CORRELATION_VECTOR: Final = b"ms-cv"
SERVER_ID: Final = b"ms-serverid"
LOCALE: Final = b"x-locale"
CONTINUATION: Final = b"ms-continuationtoken"
VALIDATE_MFA: Final = b"validatemfa"
# https://learn.microsoft.com/partner-center/developer/partner-center-authentication: reported when ValidateMfa is sent
IS_MFA_COMPLIANT: Final = b"ismfacompliant"
# https://www.rfc-editor.org/rfc/rfc7240: ours, beside the wire
PREFER: Final = b"prefer"
PREFERENCE_APPLIED: Final = b"preference-applied"

JSON: Final = b"application/json; charset=utf-8"
