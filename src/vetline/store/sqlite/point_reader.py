"""Reads of some microseconds, inline, on a connection of their own: they never wait for a write."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable

from vetline.store.port import UnavailableError
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row
from vetline.store.sqlite.schema import version_of


class PointReader:
    """A connection that is opened when it is needed, or before.

    Parameters:
        connect: opens a connection that is nobody else's.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    def open(self) -> sqlite3.Connection:
        """Return the connection.

        Raises:
            SchemaError, UnavailableError: it cannot be opened.
        """
        if self._closed:  # opening a file that has been removed would make it again
            raise UnavailableError("the store is closed")
        self._connection = self._connection or self._connect()
        return self._connection

    def read(self, statement: str, parameters: Row) -> list[Row]:
        """Return the rows of a statement by its name.

        Raises:
            UnavailableError: the database cannot be read.
        """
        try:
            connection = self.open()
            if not connection.in_transaction:
                self._begin_snapshot(connection)
            return connection.execute(SQL[statement], parameters).fetchall()
        except sqlite3.Error as error:
            raise UnavailableError(f"the database cannot be read: {error}") from error

    def check_version(self, known: int) -> None:
        """Return while a release that knows so many migrations may go on.

        Raises:
            UnavailableError: a newer release has changed the database under it.
        """
        version_of(self.open()).check_running(known)

    def close(self) -> None:
        """Let go of the connection."""
        self._closed = True
        if self._connection:
            self._connection.close()

    def _begin_snapshot(self, connection: sqlite3.Connection) -> None:
        """Let the reads of one turn of the event loop share a snapshot: taking one costs more than a row.

        Nobody reads too old a state: whoever is told of a save, or asks after it, has its turn after the snapshot's
        end, which is queued here.
        """
        connection.execute("BEGIN")
        asyncio.get_running_loop().call_soon(_end_snapshot, connection)


def _end_snapshot(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        connection.execute("COMMIT")
