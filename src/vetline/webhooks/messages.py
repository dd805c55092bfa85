"""One message to one receiver, and what came of sending it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple


class Message(NamedTuple):
    """What is sent.

    Parameters:
        url: where to.
        headers: by their names.
        body: as it is signed.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


class Outcome(NamedTuple):
    """What came of it.

    Parameters:
        status: what the receiver answered; 0 when there was no answer.
        message: why it is no success; empty when it is one.
    """

    status: int
    message: str

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken it."""
        return not self.message


def phrase(status: int) -> str:
    """Return how a status is called; empty for one that has no name."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
