"""Asks an issuer over HTTP. It is not trusted: time, size and addresses are bounded, redirects are not followed."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

import httpx2

_LARGEST_ANSWER = 256 * 1024
# The first is each step's, the second the whole answer's: a server that drips a byte a second stays within the first.
TIMEOUT = httpx2.Timeout(5.0)
_DEADLINE = 10.0


class NoAnswerError(Exception):
    """The other side did not answer, or with too much; the sentence never holds what was sent."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


async def ask(
    client: httpx2.AsyncClient,
    url: str,
    form: Mapping[str, str] | None = None,
    basic: tuple[str, str] | None = None,
) -> Answer:
    """Return what an issuer answers.

    Args:
        client: sends it.
        url: of the issuer's.
        form: the fields of a POST; None for a GET.
        basic: the user name and the password of an `Authorization: Basic` header.

    Raises:
        NoAnswerError: there is none.
    """
    method, auth = ("GET" if form is None else "POST"), basic and httpx2.BasicAuth(*basic)
    data = None if form is None else dict(form)
    try:
        async with (
            asyncio.timeout(_DEADLINE),
            client.stream(method, url, data=data, auth=auth, follow_redirects=False) as response,
        ):
            return Answer(response.status_code, await _read(response, url))
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
        raise NoAnswerError(f"{url} did not answer ({type(error).__name__})") from error


async def _read(response: httpx2.Response, url: str) -> bytes:
    received = bytearray()
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > _LARGEST_ANSWER:
            raise NoAnswerError(f"{url} answered with more than {_LARGEST_ANSWER} bytes")
    return bytes(received)
