"""Reads the form of a POST: bounded, and only from our own pages.

Two walls against forged requests: browsers say from which site a request comes, and each form carries its session's
word. Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from vetline.console.session import Session
from vetline.console.visit import Visit

_MAX_FIELDS = 1_100  # a page of boxes to tick, and some more
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ForgedError(Exception):
    """The form does not come from a page of this session."""


class TooLargeError(Exception):
    """More was sent than the page reads."""


async def read_form(visit: Visit, largest: int) -> FormData:
    """Read a POST's form into its visit; the caller closes what is returned.

    Parameters:
        largest: how many bytes are read at most.

    Raises:
        ForgedError, TooLargeError, HTTPException: it is not read, and nothing may come of it.
    """
    request = visit.request
    check_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORMS:
        raise HTTPException(415)
    bounded = Request(request.scope, _bounded(request.receive, largest))
    form = await bounded.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=largest)
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if visit.session is not None:
        check_word(visit.session, dict(fields))
    visit.form = dict(fields)
    visit.files = {name: value for name, value in form.multi_items() if isinstance(value, UploadFile)}
    visit.chosen = {name: [value for key, value in fields if key == name] for name, _ in fields}
    return form


def check_origin(request: Request) -> None:
    """Refuse what a page of another site sends; a browser that says nothing of its site says its origin.

    Raises:
        ForgedError: it comes from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedError
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise ForgedError


def check_word(session: Session, form: Mapping[str, Any]) -> None:
    """Refuse a form without its session's word.

    Raises:
        ForgedError: the word is missing or another session's.
    """
    if not hmac.compare_digest(session.csrf.encode(), str(form.get("csrf", "")).encode("utf-8", "surrogatepass")):
        raise ForgedError


def _bounded(receive: Receive, largest: int) -> Receive:
    taken = 0

    async def take() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise TooLargeError
        return message

    return take
