"""Asks a sandbox's control routes. Each request has a connection of its own: there is nothing to close, or to share."""

import json
import ssl
from collections.abc import Mapping
from contextlib import closing
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from vetline.testing.errors import SandboxError

_SECONDS = 60.0


class Control:
    """The control routes below an address.

    Parameters:
        base_url: where the sandbox answers.
        prefix: what all paths begin with.
        ca_file: the certificate authority to trust; `None` for those that the machine trusts.
    """

    def __init__(self, base_url: str, prefix: str = "", ca_file: Path | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.prefix = prefix
        self._ca_file = ca_file
        self._address = urlsplit(self.base_url)

    def below(self, prefix: str) -> "Control":
        """Return the control routes below a path."""
        return Control(self.base_url, prefix, self._ca_file)

    @cached_property
    def trust(self) -> ssl.SSLContext | None:
        """Whose certificates count, where that is not the machine's own choice."""
        return ssl.create_default_context(cafile=self._ca_file) if self._ca_file else None

    def ask(self, method: str, path: str, members: Mapping[str, Any] | None = None) -> Any:
        """Ask, and return the JSON answer; `None` for an empty one.

        Parameters:
            path: below the prefix, such as ``/clock``.
            members: what is sent as JSON; `None` for nothing.

        Raises:
            SandboxError: nobody answers, or the sandbox refuses.
        """
        body = None if members is None else json.dumps(members).encode()
        found = self.send(method, path, body, "application/json")
        return json.loads(found) if found else None

    def form(self, path: str, fields: Mapping[str, str]) -> Any:
        """Post a form, and return the JSON answer.

        Raises:
            SandboxError: nobody answers, or the sandbox refuses.
        """
        return json.loads(self.send("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded"))

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> bytes:
        """Send bytes of some media type, and return the answer's.

        Raises:
            SandboxError: nobody answers, or the sandbox refuses.
        """
        try:
            with closing(self._connection()) as connection:
                connection.request(method, self.prefix + path, body, {"Content-Type": kind} if body else {})
                answer = connection.getresponse()
                status, found = answer.status, answer.read()
        except (OSError, HTTPException) as error:
            why = str(error) or type(error).__name__
            raise SandboxError(
                f"No sandbox answers at {self.base_url} ({why}): it ended, or never was there."
            ) from error
        if status >= 400:
            raise SandboxError(f"The sandbox refused {method} {self.prefix}{path} ({status}): {_said(found)}", status)
        return found

    def _connection(self) -> HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._address.scheme == "https":
            return HTTPSConnection(host, port, timeout=_SECONDS, context=self.trust)
        return HTTPConnection(host, port, timeout=_SECONDS)


def _said(body: bytes) -> str:
    """Return the sentence in a refusal: a fault's, or the authority's."""
    try:
        members = json.loads(body)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        return body.decode("utf-8", "replace")[:500]
    return str(members.get("description") or members.get("error_description") or members)
