"""A request on its way through the service, and the answer to it."""

import os
import random
from binascii import b2a_base64
from datetime import datetime

import msgspec

from vetline.api.reading import Intake
from vetline.identity.caller import Caller
from vetline.wire import headers
from vetline.wire.contract import Contract
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.reading import query_of

Header = tuple[bytes, bytes]

MAX_ID = 128


class Answer(msgspec.Struct, frozen=True):
    """An answer: its status, its body, and the headers that only this answer has."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()


class Memo(msgspec.Struct, frozen=True):
    """How a request is recognised when it is retried: by its key, and by the fingerprint of what it asks."""

    key: bytes
    fingerprint: bytes


class Trace:
    """The identifiers that every answer carries, echoed where the client gave them and made where it did not.

    Source: https://learn.microsoft.com/partner-center/developer/headers

    Parameters:
        given: the request's headers, lower-case.
    """

    __slots__ = ("correlation_id", "locale", "request_id", "request_id_given", "request_id_unusable")

    def __init__(self, given: dict[bytes, bytes]) -> None:
        asked = given.get(headers.REQUEST_ID)
        request_id = _plain(asked)
        self.request_id_given = request_id is not None
        self.request_id_unusable = request_id is None and bool(asked)
        self.request_id = request_id or _new_id()
        self.correlation_id = _plain(given.get(headers.CORRELATION_ID)) or _new_id()
        self.locale = _plain(given.get(headers.LOCALE)) or b"en-US"

    def headers(self, *, locale_twice: bool = False) -> list[Header]:
        """Return the headers for an answer. MS-CV is made anew for each: 16 base64 characters and `.0`."""
        locale = self.locale + b"," + self.locale if locale_twice else self.locale
        vector = b2a_base64(_random(96).to_bytes(12), newline=False)
        return [
            (headers.REQUEST_ID, self.request_id),
            (headers.CORRELATION_ID, self.correlation_id),
            (headers.CORRELATION_VECTOR, vector + b".0"),
            (headers.SERVER_ID, _SERVER_ID),
            (headers.LOCALE, locale),
        ]


_random = random.Random().getrandbits  # noqa: S311
_SERVER_ID = f"{os.getpid() & 0xFFFFFFFF:08X}".encode()


def _new_id() -> bytes:
    """Return a version 4 GUID. It tells requests apart and protects nothing, so it needs no secure randomness."""
    text = b"%032x" % (_random(128) & ~(0xF << 76) | 4 << 76)
    return b"-".join((text[:8], text[8:12], text[12:16], b"8" + text[17:20], text[20:]))


def _plain(value: bytes | None) -> bytes | None:
    """Return an identifier that is safe to echo; `None` for one that is not."""
    return value if value and len(value) <= MAX_ID and not value.translate(None, _PLAIN) else None


_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.{}+/=:"


class Call:
    """One request, from its first header to its answer.

    Parameters:
        method: upper-case; a HEAD is read as the GET that it stands for.
        segments: the path's segments, lower-case, normalised.
        raw_query: the query as it came.
        given: the request's headers, lower-case names.
        trace: its identifiers.
        intake: what is still to come of it.

    Attributes:
        route_path: the path of the route that serves it, ``unknown`` until that is found.
        parameters: the path's parameters, raw.
        body: the whole body, once it is read.
        caller: who calls, once that is known.
        now: when it came, UTC.
        held: for how many seconds its answer was held back because the client prefers to wait.
        contract: which documents' interface its client meets.
        memo: how a retry of it is recognised; `None` when it cannot be retried.
    """

    caller: Caller
    now: datetime
    parameters: dict[str, str]
    route_path = "unknown"
    body = b""
    memo: Memo | None = None
    held = 0.0
    contract: Contract = DOCUMENTED

    def __init__(
        self,
        method: str,
        segments: list[str],
        raw_query: bytes,
        given: dict[bytes, bytes],
        trace: Trace,
        intake: Intake,
    ) -> None:
        self.method = method
        self.segments = segments
        self.raw_query = raw_query
        self.headers = given
        self.trace = trace
        self.intake = intake

    @property
    def query(self) -> dict[str, str]:
        """The query's fields under their lower-case names.

        Raises:
            FaultError: InvalidInput when it cannot be read.
        """
        return query_of(self.raw_query) if self.raw_query else {}

    @property
    def known_caller(self) -> Caller | None:
        """Who calls; `None` before that is known."""
        return getattr(self, "caller", None)

    def header(self, name: bytes) -> str:
        """Return a request header as text, empty when it is absent."""
        return self.headers.get(name, b"").decode("latin-1").strip()

    @property
    def actor(self) -> str:
        """Who did it, as the audit log says it."""
        return f"partner:{self.caller.user or self.caller.application}"
