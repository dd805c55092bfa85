"""Keeps secrets out of the journal: of each only a short mark is kept, by which two equal ones are seen to be equal.

The marks are made with a key of this process, so that nobody can try passwords against them.
"""

import re
import secrets
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

# https://www.rfc-editor.org/rfc/rfc6749, rfc7521, rfc7636, rfc8628, rfc8693; `password` also in a new customer's answer
_MEMBERS = frozenset(
    {
        "access_token", "actor_token", "assertion", "client_assertion", "client_secret", "code_verifier", "device_code",
        "id_token", "password", "refresh_token", "subject_token",
    }
)  # fmt: skip
# An authorization code is one; under /v1 a `code` is a validation code, which is not.
_OF_THE_AUTHORITY = _MEMBERS | {"code"}
_WORDS = (b"token", b"assertion", b"secret", b"verifier", b"code", b"password")
_HEADERS = frozenset(
    {b"authorization", b"proxy-authorization", b"cookie", b"set-cookie", b"ocp-apim-subscription-key", b"x-api-key"}
)
_WITH_QUERY = frozenset({b"location", b"referer"})
_SPECIAL = _HEADERS | _WITH_QUERY
_JWT = re.compile(rb"eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*")
_FORM = b"application/x-www-form-urlencoded"
_UNREADABLE = b"[not shown: it names a secret, and cannot be read as what it says to be]"
_BREAKS = bytes.maketrans(b"\r\n", b"  ")

RawHeaders = Iterable[tuple[bytes, bytes]]


class Mask:
    """Masks secrets."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def mark(self, secret: bytes) -> str:
        """Return what stands for a secret."""
        return f"masked-{blake2b(secret, key=self._key, digest_size=6).hexdigest()}"

    def head(self, headers: RawHeaders, *, authority: bool) -> bytes:
        """Return headers as lines, each after a line break."""
        lines = [
            b"\n%b: %b" % (name, self._header(name, value, authority) if name in _SPECIAL else value)
            for name, value in ((name.lower(), value) for name, value in headers)
        ]
        found = b"".join(lines) + b"\n"
        if found.count(b"\n") > len(lines) + 1 or b"\r" in found:
            found = b"".join(b"\n" + line[1:].translate(_BREAKS) for line in lines) + b"\n"
        return _JWT.sub(self._jwt, found) if b"eyJ" in found else found

    def query(self, query: bytes, *, authority: bool) -> str:
        """Return the query of an address."""
        text = query.decode("latin-1")
        text = self._fields(text, authority) if _suspicious(query) else text
        return _JWT.sub(self._jwt, text.encode("latin-1")).decode("latin-1")

    def body(self, body: bytes, kind: bytes, *, authority: bool) -> bytes:
        """Return a body.

        Parameters:
            body: its beginning, as far as it is kept.
            kind: its content type.
            authority: whether it is the token authority's, where a code is a secret.
        """
        if _suspicious(body):
            body = self._form(body, authority) if kind.startswith(_FORM) else self._json(body, authority)
        return _JWT.sub(self._jwt, body) if b"eyJ" in body else body

    def _header(self, name: bytes, value: bytes, authority: bool) -> bytes:
        if name in _WITH_QUERY:
            return self._address(value, authority)
        scheme, _, rest = value.rpartition(b" ") if name.endswith(b"authorization") else (b"", b"", value)
        return (scheme + b" " + self.mark(rest).encode()).strip()

    def _address(self, value: bytes, authority: bool) -> bytes:
        try:
            parts = urlsplit(value.decode("latin-1"))
        except ValueError:
            return self.mark(value).encode()
        masked = (self.query(part.encode("latin-1"), authority=authority) for part in (parts.query, parts.fragment))
        return urlunsplit((*parts[:3], *masked)).encode("latin-1")

    def _form(self, body: bytes, authority: bool) -> bytes:
        return self._fields(body.decode("latin-1"), authority).encode("latin-1")

    def _fields(self, text: str, authority: bool) -> str:
        pairs = parse_qsl(text, keep_blank_values=True)
        return urlencode([(name, self._member(name, value, authority)) for name, value in pairs])

    def _json(self, body: bytes, authority: bool) -> bytes:
        try:
            return msgspec.json.encode(self._value(msgspec.json.decode(body), authority))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            named = _OF_THE_AUTHORITY if authority else _MEMBERS
            return _UNREADABLE if any(name.encode() in body.lower() for name in named) else body

    def _value(self, value: Any, authority: bool) -> Any:
        if isinstance(value, dict):
            return {name: self._member(name, member, authority) for name, member in value.items()}
        if isinstance(value, list):
            return [self._value(one, authority) for one in value]
        return value

    def _member(self, name: str, value: Any, authority: bool) -> Any:
        if name.lower() in (_OF_THE_AUTHORITY if authority else _MEMBERS) and isinstance(value, str | int):
            return self.mark(str(value).encode("utf-8", "surrogatepass")) if value else value
        return self._value(value, authority)

    def _jwt(self, found: re.Match[bytes]) -> bytes:
        return self.mark(found[0]).encode()


def _suspicious(text: bytes) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _WORDS)
