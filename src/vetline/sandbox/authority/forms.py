"""Reads a form out of a request, with bounds. Starlette's own reader needs another library and sets none."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

from starlette.requests import Request

from vetline.sandbox.authority.aadsts import MALFORMED, TOO_LARGE, Refused

_LARGEST = 32 * 1024
_MOST_FIELDS = 50


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a URL-encoded body.

    Args:
        request: the request; its body is read here.

    Returns:
        Each field by name; empty when the body is of another type, so that the missing field is what is complained of.

    Raises:
        Refused: the body is larger than 32 KiB, has more than 50 fields, or names one twice.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise Refused(TOO_LARGE)
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Refused(MALFORMED, "too many fields") from None
    return _once(pairs)


def read_query(request: Request) -> dict[str, str]:
    """Return the parameters of the URL.

    Raises:
        Refused: the URL's query is larger than 32 KiB or names a parameter twice.
    """
    if len(request.url.query) > _LARGEST:
        raise Refused(TOO_LARGE)
    return _once(request.query_params.multi_items())


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    # RFC 6749, section 3.2: a parameter must not be there more than once.
    form: dict[str, str] = {}
    for name, value in pairs:
        if name in form:
            raise Refused(MALFORMED, f"{name} is there twice")
        form[name] = value
    return form
