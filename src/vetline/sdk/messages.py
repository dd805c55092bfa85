"""What goes out and what comes back, raw: values without I/O and without meaning."""

import re
from collections.abc import Mapping

import msgspec

SECRET_HEADERS = frozenset({"authorization", "ocp-apim-subscription-key", "cookie", "set-cookie"})
_HIDDEN = "(hidden)"
# A bearer token or a JSON Web Token in somebody's words: a gateway's error page may show the whole request.
_TOKENS = re.compile(r"\b(?:(?<=Bearer )[\w.~+/=-]{20,}|eyJ[\w-]{5,}\.[\w-]+\.[\w-]*)", re.ASCII)


class RawRequest(msgspec.Struct, frozen=True):
    """An HTTP request.

    Parameters:
        method: upper-case.
        url: absolute, with its query.
        headers: by their names.
        body: empty for none.
    """

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes = b""

    def __repr__(self) -> str:
        """Return it without its secrets and without its body."""
        return (
            f"RawRequest({self.method} {without_query(self.url)}, {redacted(self.headers)!r}, {len(self.body)} bytes)"
        )


class RawAnswer(msgspec.Struct, frozen=True):
    """An HTTP answer, as it came.

    Parameters:
        status: the HTTP status.
        headers: by their names in lower case.
        body: the raw bytes, decompressed.
    """

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header's value, empty when it is absent."""
        return self.headers.get(name.lower(), "")

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    def __repr__(self) -> str:
        """Return it without its secrets; a body may hold a password or a token."""
        return f"RawAnswer({self.status}, {redacted(self.headers)!r}, {len(self.body)} bytes)"


class Unanswered(msgspec.Struct, frozen=True):
    """No answer came.

    Parameters:
        why: what the connection said.
        arrived: whether the request may have arrived; `False` when no connection was made.
        timed_out: whether it was given up after a time.
    """

    why: str
    arrived: bool
    timed_out: bool = False


Outcome = RawAnswer | Unanswered


def redacted(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers with every secret's value hidden."""
    return {
        name: _HIDDEN if name.lower() in SECRET_HEADERS else without_tokens(value) for name, value in headers.items()
    }


def without_tokens(text: str) -> str:
    """Return a text with every access token in it hidden."""
    return _TOKENS.sub(_HIDDEN, text)


def without_query(url: str) -> str:
    """Return a URL without its query, which may hold a validation code."""
    return url.partition("?")[0]
