"""What is looked for in the journal: criteria that an exchange meets or not, read from a query or a control body.

They follow WireMock's request patterns and MockServer's request matchers, cut down to what qualifications need:
https://wiremock.org/docs/verifying/ and https://www.mock-server.com/mock_server/verification.html
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from vetline.sandbox.control.requests import bad
from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.wire.reading import Members

Met = Callable[[Exchange], bool]
Pairs = Iterable[tuple[str, str]]

_MOST = 20
_LONGEST = 500


class Criterion(msgspec.Struct, frozen=True):
    """One thing that is asked of an exchange.

    Parameters:
        name: what it is called on the wire.
        met: whether an exchange meets it.
    """

    name: str
    met: Met


class Criteria:
    """All that is asked of an exchange.

    Parameters:
        pairs: names and values; `header` may stand several times, as ``Name: value``; an empty value asks nothing.

    Raises:
        FaultError: one is not known, or is not understood.
    """

    def __init__(self, pairs: Pairs) -> None:
        found = list(pairs)
        if len(found) > _MOST:
            raise bad(f"at most {_MOST} criteria at once.")
        self._criteria = [_criterion(name, value) for name, value in found if value or name.lower() not in _MAKERS]

    def met_by(self, exchange: Exchange) -> bool:
        """Return whether an exchange meets them all."""
        return all(one.met(exchange) for one in self._criteria)

    def unmet_by(self, exchange: Exchange) -> list[str]:
        """Return the names of those that an exchange does not meet."""
        return [one.name for one in self._criteria if not one.met(exchange)]


def pairs_in(members: Members) -> Iterator[tuple[str, str]]:
    """Yield the criteria in a control body; `header` is an object of names and values.

    Raises:
        FaultError: one is neither text nor a number.
    """
    for name, value in members.items():
        if name == "header" and isinstance(value, dict):
            yield from ((name, f"{header}: {_text(name, wanted)}") for header, wanted in value.items())
        else:
            yield name, _text(name, value)


def _text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise bad(f"{name} must be text or a number.")
    return str(value)


def _criterion(name: str, value: str) -> Criterion:
    maker = _MAKERS.get(name.lower())
    if maker is None:
        raise bad(f"there is no criterion '{name[:40]}'; there are {', '.join(KNOWN)}.")
    if len(value) > _LONGEST:
        raise bad(f"{name} is longer than {_LONGEST} characters.")
    return Criterion(name, maker(value))


def _method(value: str) -> Met:
    return lambda exchange: exchange.method == value.upper()


def _path(value: str) -> Met:
    pattern = _pattern(value)
    return lambda exchange: pattern.fullmatch(exchange.path) is not None


def _operation(value: str) -> Met:
    pattern = _pattern(re.sub(r"\{[^}]*\}", "*", value))
    return lambda exchange: pattern.fullmatch(exchange.operation) is not None


def _query(value: str) -> Met:
    return lambda exchange: value in exchange.query


def _status(value: str) -> Met:
    if re.fullmatch(r"[1-5](\d\d|xx)", value.lower()):
        first, hundred = value[0], value.lower().endswith("xx")
        return lambda exchange: str(exchange.status)[0] == first if hundred else str(exchange.status) == value
    raise bad("status must be a status such as 429, or a class of them such as 5xx.")


def _ending(value: str) -> Met:
    return lambda exchange: exchange.ending.value == value.lower()


def _since(value: str) -> Met:
    """After an exchange, by its number; or from a moment of the sandbox's clock on."""
    if value.isascii() and value.isdigit():
        number = int(value)
        return lambda exchange: exchange.number > number
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise bad("since must be the number of an exchange, or a moment with a zone such as 2030-01-31T12:00:00Z.")
    return lambda exchange: exchange.at >= moment


def _fault(value: str) -> Met:
    return lambda exchange: exchange.fault == value.lower()


def _header(value: str) -> Met:
    name, found, wanted = (part.strip() for part in value.partition(":"))
    if not name or not name.isascii():
        raise bad("header must be 'Name', or 'Name: value' in which * stands for any text.")
    if not found:
        return lambda exchange: exchange.header(name) != ""
    pattern = _pattern(wanted)
    return lambda exchange: pattern.fullmatch(exchange.header(name)) is not None


def _body(value: str) -> Met:
    wanted = value.encode()
    return lambda exchange: wanted in exchange.body


def _answer_body(value: str) -> Met:
    wanted = value.encode()
    return lambda exchange: wanted in exchange.answer_body


def _client(value: str) -> Met:
    wanted = value.lower()
    return lambda exchange: wanted in exchange.client.lower()


def _pattern(text: str) -> re.Pattern[str]:
    """Return what a text with stars means: each stands for any text, and case does not matter."""
    parts = (re.escape(part) for part in re.sub(r"\*+", "*", text).split("*"))
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)


_MAKERS: dict[str, Callable[[str], Met]] = {
    "method": _method,
    "path": _path,
    "operation": _operation,
    "query": _query,
    "status": _status,
    "ending": _ending,
    "fault": _fault,
    "since": _since,
    "header": _header,
    "bodycontains": _body,
    "answercontains": _answer_body,
    "client": _client,
}
KNOWN = (
    "method", "path", "operation", "query", "status", "ending", "fault", "since", "header", "bodyContains",
    "answerContains", "client",
)  # fmt: skip
