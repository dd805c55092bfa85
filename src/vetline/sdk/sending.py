"""Between our messages and httpx2's: a request on its way, an answer read within bounds, a failure in words."""

import ssl
import zlib
from typing import Any

import httpx2

from vetline.sdk.errors import ConnectionFailedError, PartnerCenterError, UnreadableAnswerError
from vetline.sdk.messages import Outcome, RawAnswer, Unanswered, without_query, without_tokens
from vetline.sdk.steps import Send

# The largest page that is documented has 500 customers: less than 1 MiB.
# https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers
LONGEST_ANSWER = 32 * 1024 * 1024
# https://docs.python.org/3/library/zlib.html#zlib.decompress: 16 more than the largest window means a gzip header
_GZIP = 16 + zlib.MAX_WBITS
# One client often carries many calls at once; more than the library's usual 100 would only queue at the service.
_LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=100)
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
_TRUST = (
    "Is base_url right? A service whose certificates come from an authority of its own needs "
    "verify=ssl.create_default_context(cafile=...)."
)


class _LoggedURL(httpx2.URL):
    """A URL that httpx2 writes to its log without the query, which may hold a validation code."""

    def __str__(self) -> str:
        """Return it without its query."""
        return without_query(super().__str__())


class Body:
    """The body of an answer while it comes in, as it is on the wire."""

    def __init__(self) -> None:
        self._raw = bytearray()

    def add(self, part: bytes) -> None:
        """Add a part.

        Raises:
            UnreadableAnswerError: it becomes longer than any answer is.
        """
        self._raw += part
        if len(self._raw) > LONGEST_ANSWER:
            raise _too_long()

    def outcome(self, response: httpx2.Response) -> Outcome:
        """Return the answer whose body this is.

        Raises:
            UnreadableAnswerError: it is longer than any answer is once it is unpacked.
        """
        headers = {name.lower(): value for name, value in response.headers.items()}
        coding = headers.get("content-encoding", "").strip().lower()
        body = _unpacked(self._raw) if coding in ("gzip", "x-gzip") and self._raw else bytes(self._raw)
        if body is None:
            return Unanswered("the answer's compression is broken or cut", arrived=True)
        return RawAnswer(response.status_code, headers, body)


def _unpacked(raw: bytearray) -> bytes | None:
    """Return what gzip packed; `None` when it is broken."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        found = unpacking.decompress(raw, LONGEST_ANSWER + 1)
    except zlib.error:
        return None
    if len(found) > LONGEST_ANSWER:
        raise _too_long()
    return found if unpacking.eof else None


def _too_long() -> UnreadableAnswerError:
    return UnreadableAnswerError(
        f"The answer is longer than {LONGEST_ANSWER // 2**20} MiB; no answer of Partner Center is. Is base_url right?",
        category="ResponseParsing",
    )


def options(verify: ssl.SSLContext | bool) -> dict[str, Any]:
    """Return how httpx2's clients are made: no redirect is followed.

    Parameters:
        verify: whom to trust over TLS.
    """
    return {"verify": verify, "limits": _LIMITS, "follow_redirects": False}


def prepared(step: Send) -> httpx2.Request:
    """Return a request as httpx2 sends it, without what its client would add, such as cookies."""
    raw = step.request
    found = httpx2.Request(
        raw.method,
        raw.url,
        headers={"Accept-Encoding": "gzip", **raw.headers},
        content=raw.body or None,
        extensions={"timeout": _limits(step.seconds)},
    )
    found.url = _LoggedURL(raw.url)
    return found


def _limits(seconds: float) -> dict[str, float | None]:
    """Return httpx2's own limits. It ends a TLS handshake before we would: a cancelled one leaves its socket open."""
    return httpx2.Timeout(seconds, connect=0.9 * seconds).as_dict()


def unanswered(error: Exception, seconds: float) -> Unanswered:
    """Return what an exception of the connection means.

    Parameters:
        error: one of httpx2's, or a `TimeoutError`.
        seconds: the time that the attempt had.

    Raises:
        ConnectionFailedError: the service's certificate is not trusted, which another attempt would not change.
    """
    arrived = not isinstance(error, _NOT_SENT)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return Unanswered(f"the answer took longer than {seconds:g} seconds", arrived, timed_out=True)
    if _is_distrust(error):
        raise ConnectionFailedError(f"The service's certificate is not trusted: {error}. {_TRUST}") from error
    return Unanswered(without_tokens(str(error)) or type(error).__name__, arrived)


def closed() -> PartnerCenterError:
    """Return the error for a call after the end."""
    return PartnerCenterError(
        "This client is closed: make a new one, or close it only when the last call is done.",
        category="InvalidOperation",
    )


def _is_distrust(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
