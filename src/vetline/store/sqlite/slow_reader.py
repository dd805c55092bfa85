"""Reads that may be long: in a thread, one after the other, on a connection of their own."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vetline.store.port import UnavailableError
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row

Parameters = dict[str, Any] | Row


class SlowReader:
    """A connection with its thread.

    Parameters:
        connection: nobody else's.
        name: of the thread.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def read(self, statement: str, parameters: Parameters) -> list[Row]:
        """Return the rows of a statement by its name; see `fetch`."""
        return await self.fetch(SQL[statement], parameters)

    async def fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        """Return the rows of a statement.

        Raises:
            UnavailableError: the database cannot be read.
        """

        def read() -> list[Row]:
            return self._connection.execute(sql, parameters).fetchall()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, read)
        except sqlite3.Error as error:
            raise UnavailableError(f"the database cannot be read: {error}") from error

    def close(self) -> None:
        """Let the read at hand end, then let go of the connection."""
        self._thread.shutdown()
        self._connection.close()
