"""Errors as they go over the wire: one shape for each way in which the documents describe them."""

from typing import Any, Final

import msgspec

from vetline.wire import faults
from vetline.wire.contract import Contract, ErrorShape, Mfa
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.faults import FaultError

# https://github.com/microsoft/Partner-Center-DotNet-Samples/issues/59 (October 2020)
MFA_SENTENCE: Final = b"Authentication failed. MFA required. (10001)"
_TEXT: Final = b"text/plain; charset=utf-8"


class FaultBody(msgspec.Struct, rename="camel"):
    """An error on the wire: the documented shape, with the members that the newer services add.

    Source: https://learn.microsoft.com/partner-center/developer/error-codes
    """

    code: str
    description: str
    message: str
    source: str
    error_name: str
    is_retryable: bool
    # An empty `data` alone already makes the .NET client read the body as an ApiFault.
    data: list[str] = msgspec.field(default_factory=list)


class PlainFaultBody(msgspec.Struct, kw_only=True):
    """The documented shape alone; the service of 2018 wrote the code as a number.

    Source: https://learn.microsoft.com/partner-center/developer/error-codes,
    https://github.com/microsoft/Partner-Smart-Office/issues/12
    """

    code: str | int
    description: str
    data: list[str] = msgspec.field(default_factory=list)
    source: str


class ExtendedFaultBody(msgspec.Struct, rename="camel"):
    """What the newer services write.

    Source: https://learn.microsoft.com/partner-center/developer/get-customer-validation-status (10/27/2021)
    """

    code: int
    message: str
    description: str
    error_name: str
    is_retryable: bool
    error_message_extended: str
    parameters: dict[str, str] = msgspec.field(default_factory=dict)


class Throttled(msgspec.Struct, rename="camel"):
    """The gateway's 429, without code, description or data: the .NET client then reads `Retry-After`.

    Source: https://learn.microsoft.com/partner-center/developer/api-throttling-guidance
    """

    status_code: int
    message: str


def fault_body(error: FaultError, contract: Contract = DOCUMENTED) -> tuple[bytes, bytes]:
    """Return the body of an error, and its media type."""
    if error.fault is faults.MFA_REQUIRED and contract.mfa is Mfa.TEXT:
        return MFA_SENTENCE, _TEXT
    if error.fault is faults.TAGGING_DENIED and contract.bare_refusal:
        return msgspec.json.encode(error.description), contract.content_type
    at_the_door = error.fault.origin == faults.FRONT_DOOR
    shape = contract.front_door_errors if at_the_door else contract.service_errors
    return msgspec.json.encode(_shaped(error, shape)), contract.content_type


def _shaped(error: FaultError, shape: ErrorShape) -> Any:
    fault, said = error.fault, error.description
    match shape:
        case ErrorShape.UNION:
            return FaultBody(fault.code, said, said, fault.origin, fault.name, fault.retryable)
        case ErrorShape.TEXT_CODE:
            return PlainFaultBody(code=fault.code, description=said, source=fault.origin)
        case ErrorShape.NUMBER_CODE:
            return PlainFaultBody(code=int(fault.code), description=said, source=fault.origin)
        case ErrorShape.EXTENDED:
            extended = f"InternalErrorCode={fault.code}"
            return ExtendedFaultBody(int(fault.code), said, said, fault.name, fault.retryable, extended)


def throttled_body(seconds: int) -> bytes:
    """Return the body of a 429, in the gateway's shape, which is every contract's.

    Parameters:
        seconds: how long to wait, as in `Retry-After`.
    """
    return msgspec.json.encode(Throttled(429, f"Rate limit is exceeded. Try again in {seconds} seconds."))
