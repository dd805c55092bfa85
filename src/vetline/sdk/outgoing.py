"""What an operation sends. All its attempts send the same, but for the token."""

from collections.abc import Mapping
from typing import Any

import msgspec

from vetline import __version__
from vetline.sdk.checking import check_header
from vetline.sdk.errors import InvalidArgumentError
from vetline.sdk.messages import RawRequest
from vetline.sdk.operations.operation import Operation
from vetline.sdk.settings import CallSettings

CLIENT_NAME = "Vetline Python SDK"


def request_of(operation: Operation[Any], settings: CallSettings, request_id: str, correlation_id: str) -> RawRequest:
    """Return an operation's request, still without a token.

    Raises:
        InvalidArgumentError: it cannot be sent.
    """
    body = _encoded(operation.body)
    ids = {"MS-RequestId": request_id, "MS-CorrelationId": correlation_id}
    headers = _merged(_own_headers(settings, bool(body)), ids, operation.headers, settings.headers)
    for name, value in headers.items():
        check_header(name, value)
    return RawRequest(operation.method, settings.base_url + operation.path, headers, body)


def with_token(request: RawRequest, token: str) -> RawRequest:
    """Return a request that carries a token, whatever it carried."""
    headers = _merged(request.headers, {"Authorization": f"Bearer {token}"})
    return msgspec.structs.replace(request, headers=headers)


def _own_headers(settings: CallSettings, has_body: bool) -> Mapping[str, str]:
    """Return the client's headers. https://learn.microsoft.com/partner-center/developer/headers (6/7/2022)."""
    headers = {
        "Accept": "application/json",
        "MS-Contract-Version": "v1",
        "MS-PartnerCenter-Client": CLIENT_NAME,
        "MS-SdkVersion": __version__,
        "X-Locale": settings.locale,
        "User-Agent": f"vetline-python/{__version__}",
    }
    if settings.application_name:
        headers["MS-PartnerCenter-Application"] = settings.application_name
    return headers | {"Content-Type": "application/json"} if has_body else headers


def _merged(*layers: Mapping[str, str]) -> dict[str, str]:
    """Return headers of which the later replace the earlier ones, in whatever casing: one name is sent once."""
    found = {name.lower(): (name, value) for layer in layers for name, value in layer.items()}
    return dict(found.values())


def _encoded(body: Any) -> bytes:
    try:
        return b"" if body is None else msgspec.json.encode(body)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise InvalidArgumentError(f"The request's body cannot be written as JSON: {error}") from error
