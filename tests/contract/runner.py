"""Plays a contract file against a server. README.md describes the files."""

import base64
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.contract.laws import broken_laws
from tests.contract.matching import differences
from tests.contract.server import PARTNER_CENTER, Server
from tests.support.sending import Received, Sent, send, send_raw
from vetline.wire.reading import json_text

Speak = Callable[[Server, Sent], Received]
Laws = Callable[[Sent, Received], Iterator[str]]

_PLACEHOLDER = re.compile(r"\{(customer|partner|guid|kept|repeat):([^{}]+)\}")


def plainly(server: Server, sent: Sent) -> Received:
    """Send a request as it is written."""
    return send(server.http, sent)


def play(contract: dict[str, Any], server: Server, speak: Speak = plainly, laws: Laws = broken_laws) -> None:
    """Play a contract's steps on a fresh server.

    Parameters:
        contract: the file.
        server: the server.
        speak: sends what does not have to go over the socket byte for byte.
        laws: what holds for every answer.

    Raises:
        AssertionError: an answer is not as expected; it names the step and every difference.
    """
    server.reset()
    stage = _Stage(server, speak, laws)
    for number, step in enumerate(contract["steps"], 1):
        wrong = list(stage.wrong(step))
        assert not wrong, f"step {number}, {json.dumps(step.get('request', step))}:\n  " + "\n  ".join(wrong)


class _Stage:
    """One run of one file: what it remembers between steps."""

    def __init__(self, server: Server, speak: Speak, laws: Laws) -> None:
        self._server = server
        self._laws = laws
        self._speak = speak
        self._guids: defaultdict[str, str] = defaultdict(lambda: str(uuid.uuid4()))
        self._kept: dict[str, str] = {}

    def wrong(self, step: dict[str, Any]) -> Iterator[str]:
        """Do a step and yield what is wrong with its answer."""
        if "advance" in step:
            self._server.advance(step["advance"])
        elif "decide" in step:
            self._server.decide(self._filled(step["decide"]))
        elif "token" in step:
            self._kept[step["token"]] = self._token(step["as"], step)
        else:
            yield from self._exchange(step)

    def _exchange(self, step: dict[str, Any]) -> Iterator[str]:
        sent = self._sent(step["request"])
        raw = step["request"].get("raw", False)
        found = send_raw(self._server.base, sent) if raw else self._speak(self._server, sent)
        yield from self._unexpected(self._filled(step["expect"]), found)
        yield from self._laws(sent, found)
        for name, place in step.get("keep", {}).items():
            self._kept[name] = _text_at(place, found)

    def _sent(self, request: dict[str, Any]) -> Sent:
        wanted = self._filled(request)
        body = _body_of(wanted)
        kind = wanted.get("as", "user")
        headers: dict[str, str | None] = (
            {} if kind == "nobody" else {"Authorization": f"Bearer {self._token(kind, wanted)}"}
        )
        headers["Accept"] = "application/json"
        if body:
            headers["Content-Type"] = "application/json"
        headers |= wanted.get("headers", {})
        kept = {name: value for name, value in headers.items() if value is not None}
        return Sent(wanted["method"], wanted["path"], kept, body)

    def _token(self, kind: str, wanted: dict[str, Any]) -> str:
        return self._server.token(kind, wanted.get("partner", "contoso"), wanted.get("audience", PARTNER_CENTER))

    def _unexpected(self, expect: dict[str, Any], found: Received) -> Iterator[str]:
        if found.status != expect["status"]:
            yield f"expected {expect['status']}, found {found.status}: {found.body[:500]!r}"
            return
        for name, wanted in expect.get("headers", {}).items():
            yield from differences(wanted, found.header(name), name)
        yield from (f"{name} must be absent" for name in expect.get("absent", []) if found.header(name) is not None)
        if "body" in expect and found.body.decode() != expect["body"]:
            yield f"expected the body {expect['body']!r}, found {found.body!r}"
        if "json" in expect:
            yield from differences(expect["json"], json.loads(found.body))
        if "fault" in expect:
            yield from differences({"$has": expect["fault"]}, json.loads(found.body))
        if "interim" in expect and found.interim is not expect["interim"]:
            yield f"expected interim {expect['interim']}, found {found.interim}"

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return _PLACEHOLDER.sub(self._meant, value)
        if isinstance(value, list):
            return [self._filled(element) for element in value]
        if isinstance(value, dict):
            return {name: self._filled(member) for name, member in value.items()}
        return value

    def _meant(self, placeholder: re.Match[str]) -> str:
        kind, (name, _, more) = placeholder[1], placeholder[2].partition(":")
        if kind == "repeat":
            return name * int(more)
        found = {
            "customer": self._server.customer,
            "partner": self._server.partner,
            "guid": self._guids.__getitem__,
            "kept": self._kept.__getitem__,
        }[kind](name)
        return found.upper() if more == "upper" else found


def _body_of(request: dict[str, Any]) -> bytes:
    if "json" in request:
        return json_text(request["json"]).encode()
    if "base64" in request:
        return base64.b64decode(request["base64"])
    return str(request.get("body", "")).encode()


def _text_at(place: str, found: Received) -> str:
    """Return what a contract file wants to keep: the whole body, a header, or the text at a JSON pointer."""
    if place == "body":
        return found.body.decode()
    if place.startswith("header:"):
        return found.header(place.removeprefix("header:")) or ""
    value = json.loads(found.body)
    for part in place.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return str(value)
