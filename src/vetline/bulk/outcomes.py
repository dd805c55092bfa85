"""What became of a row, in the words of the results file. The command line journals it as it stands here."""

from enum import IntEnum

import msgspec

from vetline.wire import words


class Outcome(IntEnum):
    """What became of a row. The numbers fit a byte; the names in lower case are the words of the results file."""

    NOT_SENT = 0
    """The run stopped before it; `--resume` sends it."""
    APPROVED = 1
    """The customer holds the qualification."""
    DENIED = 2
    """It was refused, with a reason."""
    IN_REVIEW = 3
    """It was submitted, and there is no decision yet."""
    HELD = 4
    """The customer holds it, and nothing was vetted (StateOwnedEntity)."""
    FAILED = 5
    """The service refused the row, or did not answer; `--resume` tries it again."""

    @property
    def word(self) -> str:
        """The word in the results file."""
        return self.name.lower()


class Entry(msgspec.Struct, omit_defaults=True, frozen=True):
    """A row's line in the journal; a later one of the same row takes its place.

    Parameters:
        row: the row's number.
        outcome: what became of it.
        request_id: the MS-RequestId under which it was sent last.
        attempt: how often it was sent under a request id of its own.
        status, reason: what the service said.
        code, name, error: the error: its code, its short name, its text.
        lost: nobody knows whether the service did it, so only the same request id may be sent again.
        found: a resumed run found it done: an earlier process had sent it and was ended before the answer.
    """

    row: int
    outcome: Outcome
    request_id: str = ""
    attempt: int = 1
    status: str = ""
    reason: str = ""
    code: str = ""
    name: str = ""
    error: str = ""
    lost: bool = False
    found: bool = False


def outcome_of(status: str | None) -> Outcome:
    """Return the outcome that a vetting status means; one that this version does not know is waited for.

    Parameters:
        status: in any case; `None` where nothing is vetted.
    """
    return Outcome.HELD if status is None else _BY_STATUS.get(status.lower(), Outcome.IN_REVIEW)


_BY_STATUS = {words.APPROVED.lower(): Outcome.APPROVED, words.DENIED.lower(): Outcome.DENIED}
