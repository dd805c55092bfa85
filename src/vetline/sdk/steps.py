"""What a conversation asks of whoever drives it. Everything else it does by itself, without I/O."""

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import msgspec

from vetline.sdk.messages import RawRequest

T = TypeVar("T")


class Send(msgspec.Struct, frozen=True):
    """Send a request within so many seconds; the reply is an `Outcome`."""

    request: RawRequest
    seconds: float


class Pause(msgspec.Struct, frozen=True):
    """Wait so many seconds."""

    seconds: float


class GetToken(msgspec.Struct, frozen=True):
    """Get an access token; the reply is its text.

    Parameters:
        refused: the token that the service did not accept; `None` when there was none.
    """

    refused: str | None = None

    def __repr__(self) -> str:
        """Return it without the token."""
        return "GetToken()" if self.refused is None else "GetToken(refused=(hidden))"


class Ask(msgspec.Struct, frozen=True):
    """Call a function of the user's, which may block or be asynchronous; the reply is what it returns."""

    function: Callable[[], Any]


Step = Send | Pause | GetToken | Ask
Conversation = Generator[Step, Any, T]
