"""What holds for every answer of the interface, whatever a contract file says beside it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.sending import Received, Sent

# https://learn.microsoft.com/partner-center/developer/headers and the recorded sessions of the PowerShell module
_CV = re.compile(r"[A-Za-z0-9+/]{16}\.0")
_ID = re.compile(r"[A-Za-z0-9._{}+/=:-]{1,128}")
_JSON = "application/json; charset=utf-8"
# https://learn.microsoft.com/partner-center/developer/error-codes (06/15/2023), and what newer services add
_FAULT: Mapping[str, type] = {
    "code": str,
    "description": str,
    "message": str,
    "data": list,
    "source": str,
    "errorName": str,
    "isRetryable": bool,
}
_MAX_DESCRIPTION = 1024
# What stands beside the interface is not Partner Center's: its successes have types of their own.
_BESIDE = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/sandbox/")


def broken_laws(sent: Sent, found: Received) -> Iterator[str]:
    """Yield one sentence for each law that an answer breaks."""
    yield from _identifiers(sent, found)
    if sent.method == "HEAD" or found.status == 204:
        if found.body:
            yield f"a body where none may be: {found.body[:100]!r}"
        return
    if found.status >= 400 or not sent.target.startswith(_BESIDE):
        yield from _typed(found)
    if found.header("content-type") == _JSON:
        yield from _well_formed(found)


def broken_in_every_contract(sent: Sent, found: Received) -> Iterator[str]:
    """Yield one sentence for each law that an answer breaks, whichever documents' interface it belongs to."""
    yield from _identifiers(sent, found)
    if (found.header("content-type") or "").startswith("application/json") and found.body:
        yield from _nulls(json.loads(found.body), "")


def _nulls(value: Any, where: str) -> Iterator[str]:
    if value is None:
        yield f"{where or 'body'} is null"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in inner:
        yield from _nulls(member, f"{where}/{name}")


def _identifiers(sent: Sent, found: Received) -> Iterator[str]:
    given = {name.lower(): value for name, value in sent.headers.items()}
    for name in ("ms-requestid", "ms-correlationid"):
        value = found.header(name) or ""
        wanted = given.get(name, "")
        if not _ID.fullmatch(value):
            yield f"{name} is {value!r}"
        if _ID.fullmatch(wanted) and value != wanted:
            yield f"{name}: expected the request's {wanted!r}, found {value!r}"
    if not _CV.fullmatch(found.header("ms-cv") or ""):
        yield f"ms-cv is {found.header('ms-cv')!r}"
    if not found.header("ms-serverid"):
        yield "ms-serverid is missing"


def _typed(found: Received) -> Iterator[str]:
    if found.header("content-type") != _JSON:
        yield f"content-type is {found.header('content-type')!r}"
    if found.header("content-length") != str(len(found.body)):
        yield f"content-length is {found.header('content-length')!r} for {len(found.body)} bytes"


def _well_formed(found: Received) -> Iterator[str]:
    value = json.loads(found.body)
    yield from _members(value, "")
    if found.status == 429:
        yield from _throttled(value, found)
    elif found.status >= 400:
        yield from _fault(value)


def _fault(value: Any) -> Iterator[str]:
    if not isinstance(value, dict) or value.keys() != _FAULT.keys():
        yield f"this is no fault: {value!r}"
        return
    for name, kind in _FAULT.items():
        if not isinstance(value[name], kind):
            yield f"/{name} is {value[name]!r}"
    if not value["code"] or not 0 < len(value["description"]) <= _MAX_DESCRIPTION:
        yield f"code or description is empty or too long: {value!r}"
    if value["message"] != value["description"]:
        yield "message and description differ"


def _throttled(value: Any, found: Received) -> Iterator[str]:
    """The gateway's own shape, or the .NET client takes it for a fault and never reads Retry-After."""
    if not isinstance(value, dict) or value.keys() != {"statusCode", "message"}:
        yield f"this is no 429 of the gateway: {value!r}"
    if not (found.header("retry-after") or "").isdigit():
        yield f"retry-after is {found.header('retry-after')!r}"


def _members(value: Any, where: str) -> Iterator[str]:
    """Nowhere a null; links without /v1, root-relative."""
    if value is None:
        yield f"{where or 'body'} is null"
    elif isinstance(value, list):
        for number, element in enumerate(value):
            yield from _members(element, f"{where}/{number}")
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _members(member, f"{where}/{name}")
        uri = value.get("uri")
        if isinstance(uri, str) and (not uri.startswith("/") or uri.startswith(("//", "/v1/"))):
            yield f"{where}/uri is {uri!r}"
