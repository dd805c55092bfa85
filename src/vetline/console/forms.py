"""Reads the form of a POST: bounded, and only from our own pages.

Two walls against forged requests: browsers say from which site a request comes, and each form carries its session's
word. Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import asyncio
import contextlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from vetline.console.session import Session
from vetline.console.visit import Visit

_MAX_FIELDS = 1_100  # a page of boxes to tick, and some more
# How much of a form that is too large is still taken in, and how long.
_FORGOTTEN = 64 * 1024 * 1024
_LINGER_SECONDS = 5.0
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
    _check_kind(request.headers.get("content-type", ""))
    bounded = Request(request.scope, _bounded(request.receive, largest))
    try:
        form = await bounded.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=largest)
    except TooLargeError:
        await _forget_rest(request.receive)
        raise
    try:
        _take(form, visit)
    except BaseException:
        await form.close()
        raise
    return form


def _take(form: FormData, visit: Visit) -> None:
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if visit.session is not None:
        check_word(visit.session, dict(fields))
    check_texts(value for _, value in fields)
    visit.form = dict(fields)
    visit.files = {name: value for name, value in form.multi_items() if isinstance(value, UploadFile)}
    visit.chosen = _grouped(fields)


def _grouped(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def _check_kind(content_type: str) -> None:
    """Refuse what is no form, and one in another encoding than our pages have: some decode to what is no text."""
    kind, options = parse_options_header(content_type)
    if kind.decode("latin-1") not in _FORMS or options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(415)


def check_texts(texts: Iterable[str]) -> None:
    """Refuse the one character that PostgreSQL keeps in no text.

    Source: https://www.postgresql.org/docs/current/datatype-character.html

    Raises:
        HTTPException: a text holds it.
    """
    if any("\0" in text for text in texts):
        raise HTTPException(400)


def check_origin(request: Request) -> None:
    """Refuse what a page of another site sends; a browser that says nothing of its site says its origin.

    Raises:
        ForgedError: it comes from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedError
    origin = request.headers.get("origin")
    if origin is not None and not _is_own(origin, request.headers.get("host", "")):
        raise ForgedError


def _is_own(origin: str, host: str) -> bool:
    """Return whether an origin is the host's; "null", which hides one, is nobody's."""
    named = origin.partition("://")[2]
    return named != "" and named.lower() == host.lower()


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


async def _forget_rest(receive: Receive) -> None:
    """Take in and forget what is still sent, within bounds.

    A browser reads the answer only when it has sent all, and a connection closed before that takes it from it.
    """
    left = _FORGOTTEN
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
