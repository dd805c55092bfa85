"""The journal's lines, and the overview of a run that they add up to: a dozen bytes for each row."""

import uuid
from array import array
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from vetline.bulk.outcomes import Entry, Outcome

VERSION: Final = 1
# A line is a few hundred bytes; a longer one is none of ours.
MAX_LINE: Final = 64 << 10


class JournalError(Exception):
    """The journal cannot be used; the sentence says what to do."""


class Header(msgspec.Struct, frozen=True):
    """The first line.

    Parameters:
        vetline_bulk: the version of the format.
        run: a random id, from which all request ids follow.
        sha256: of the input.
        rows: how many rows it has.
        begun: when.
    """

    vetline_bulk: int
    run: uuid.UUID
    sha256: str
    rows: int
    begun: datetime


class Reserved(msgspec.Struct, frozen=True):
    """Rows up to this number may have been sent."""

    reserved: int


class Written(msgspec.Struct, frozen=True):
    """The results file holds everything up to here."""

    written: bool = True


class AnyLine(msgspec.Struct, frozen=True):
    """Any line after the header, as far as it is needed for the overview."""

    row: int = 0
    outcome: Outcome = Outcome.NOT_SENT
    attempt: int = 1
    lost: bool = False
    reserved: int = 0
    written: bool = False


@dataclass(slots=True)
class Overview:
    """What the journal says of each row, in a dozen bytes a row."""

    outcomes: bytearray
    attempts: "array[int]"
    lost: bytearray
    places: "array[int]"
    reserved: int = 0
    written: bool = False

    @classmethod
    def of(cls, rows: int) -> "Overview":
        """Return the overview of a run that sent nothing yet."""
        size = rows + 1
        return cls(bytearray(size), array("H", bytes(2 * size)), bytearray(size), array("Q", bytes(8 * size)))

    def note(self, line: AnyLine | Entry, place: int) -> None:
        """Take a row's line into account.

        Raises:
            IndexError: there is no such row.
        """
        self.written = False
        self.outcomes[line.row] = line.outcome
        self.attempts[line.row] = min(line.attempt, 0xFFFF)
        self.lost[line.row] = line.lost
        self.places[line.row] = place
