"""What a wait remembers from one process to the next, as a text that can be kept anywhere."""

import base64
import binascii

import msgspec

from vetline.sdk.errors import InvalidArgumentError


class WaitState(msgspec.Struct, array_like=True):
    """What a resumable wait remembers."""

    customer_id: str
    name: str
    begun: float
    looks: int

    def token(self) -> str:
        """Return it as a text that can be kept; it holds no secret."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


def state_in(token: str) -> WaitState:
    """Return what a token remembers.

    Raises:
        InvalidArgumentError: it is no token of a wait.
    """
    try:
        state = msgspec.json.decode(base64.urlsafe_b64decode(token + "==="), type=WaitState)
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError, TypeError) as error:
        raise InvalidArgumentError("This is no token of a wait; begin a new one with wait_for_decision().") from error
    if not 0 <= state.begun < 1e11 or not 0 <= state.looks < 10**9:
        raise InvalidArgumentError("This token of a wait is damaged; begin a new one with wait_for_decision().")
    return state
