"""One request and what the client really got for it, as the journal keeps them: values, secrets masked already.

Two clocks count. The sandbox's can be moved, so `at` tells when it was for the service; `begun` and `ended` are seconds
of the machine, which nobody moves, so they tell how long it took and how long somebody waited.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum

import msgspec


class Ending(Enum):
    """How a request ended for the client."""

    OPEN = "open"
    """It has no answer yet."""
    COMPLETE = "complete"
    """The whole answer was sent."""
    CUT_OFF = "cut off"
    """The answer had begun, and its end was not sent."""
    UNANSWERED = "unanswered"
    """The connection ended without an answer."""


class Caller(msgspec.Struct, frozen=True):
    """Who says to be calling: read from the token, which nobody has verified here.

    Parameters:
        tenant, application, user: as the token names them; empty where it does not.
        token: what stands for the token: equal for equal tokens, and useless for anything else.
        app_only: whether no user is named.
        mfa: whether the user has signed in with a second factor.
        expires: when the token ends, in seconds since 1970; `None` when it does not say.
    """

    tenant: str = ""
    application: str = ""
    user: str = ""
    token: str = ""
    app_only: bool = False
    mfa: bool = False
    expires: float | None = None


NOBODY = Caller()


class Exchange(msgspec.Struct):
    """One request on its way, and its answer.

    Parameters:
        number: counts requests from 1, in the order in which they came.
        at: when it came, by the sandbox's clock.
        machine_at: the same moment by the machine's.
        begun: the same moment in seconds of the machine, from some beginning.
        method, path, query: as they were sent.
        operation: the route that serves it, such as ``GET /v1/customers/{customer_id}``; empty when there is none.
        head: its headers as they stand on the wire.
        caller: who says to be calling.
        body, body_size: the beginning of its body, and how long it was.
        ending: how it ended.
        status: the answer's; 0 before there is one.
        answer_head, answer_body, answer_size: as of the request.
        ended, ended_at: when it ended; of no meaning while it is open.
        fault: the kind of fault that struck it; empty when none did.
        probe: how the scorecard changed the answer; empty when it did not.
    """

    number: int
    at: datetime
    machine_at: datetime
    begun: float
    method: str
    path: str
    query: str
    operation: str
    head: bytes
    caller: Caller
    body: bytes = b""
    body_size: int = 0
    ending: Ending = Ending.OPEN
    status: int = 0
    answer_head: bytes = b""
    answer_body: bytes = b""
    answer_size: int = 0
    ended: float = 0.0
    ended_at: datetime | None = None
    fault: str = ""
    probe: str = ""

    def header(self, name: str) -> str:
        """Return a header of the request; empty when it is absent."""
        return _header(self.head, name)

    def answer_header(self, name: str) -> str:
        """Return a header of the answer; empty when it is absent."""
        return _header(self.answer_head, name)

    @property
    def client(self) -> str:
        """What tells clients apart: the application, and the program."""
        return f"{self.caller.application or 'nobody'} {self.header('user-agent') or 'unnamed'}"

    @property
    def weight(self) -> int:
        """How many bytes it takes, roughly."""
        return _FIXED + len(self.head) + len(self.body) + len(self.answer_head) + len(self.answer_body)


# An exchange without its texts: the object, its moments, its path.
_FIXED = 800


def head_lines(head: bytes) -> Iterator[tuple[str, str]]:
    """Yield names and values of headers; names in lower case."""
    for line in head.decode("latin-1").split("\n"):
        name, found, value = line.partition(": ")
        if found:
            yield name, value


def _header(head: bytes, name: str) -> str:
    """Return a header's value without looking at the others: a journal is searched more often than it is shown."""
    wanted = b"\n" + name.lower().encode("latin-1") + b": "
    begin = head.find(wanted)
    if begin < 0:
        return ""
    begin += len(wanted)
    return head[begin : head.index(b"\n", begin)].decode("latin-1")
