"""All that a store holds as one value that JSON can carry; for sandboxes, whose databases are small."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec


class Snapshot(msgspec.Struct, frozen=True):
    """All rows of a store.

    Parameters:
        schema: how many migrations the store has had.
        tables: each table's columns, then its rows; bytes are `{"hex": ...}`.
    """

    schema: int
    tables: Mapping[str, list[list[Any]]]


@runtime_checkable
class Snapshotting(Protocol):
    """A store that can be put into a snapshot and made from one."""

    async def snapshot(self) -> Snapshot:
        """Return all that it holds.

        Raises:
            UnavailableError.
        """
        ...

    async def restore(self, snapshot: Snapshot, other_ids: Mapping[str, str]) -> None:
        """Hold what a snapshot holds, and nothing else; all of it or nothing.

        Parameters:
            other_ids: GUIDs that are to be others here, such as partners'.

        Raises:
            SnapshotError: it does not go with this store.
            UnavailableError.
        """
        ...


class SnapshotError(ValueError):
    """A snapshot cannot be restored; the sentence says why."""
