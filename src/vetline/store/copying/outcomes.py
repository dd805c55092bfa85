"""What a copy tells: how far it is, what it found on both sides, and why it cannot go on."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from vetline.store.copying.checksums import checksum
from vetline.store.port import StoreError

Row = tuple[Any, ...]


class CopyConflictError(StoreError):
    """The two databases do not go together, or one is in use; the sentence says what to do."""


class Tally(NamedTuple):
    """What there is of a table.

    Parameters:
        rows: how many.
        checksum: the sum of the rows' checksums, so their order does not count.
    """

    rows: int = 0
    checksum: int = 0

    def plus(self, rows: Iterable[Row]) -> "Tally":
        """Return the tally of these rows too."""
        found = [checksum(row) for row in rows]
        return Tally(self.rows + len(found), self.checksum + sum(found))


class Compared(NamedTuple):
    """A table on both sides."""

    table: str
    source: Tally
    target: Tally

    @property
    def same(self) -> bool:
        """Whether both hold the same rows."""
        return self.source == self.target


class Advance(msgspec.Struct):
    """How far a copy is.

    Parameters:
        done: how many rows of all tables are in the target, of `total`.
        table: which table is at hand.
    """

    done: int = 0
    total: int = 0
    table: str = ""
