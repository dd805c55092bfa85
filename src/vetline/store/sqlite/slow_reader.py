"""Reads that may be long: in a thread, one after the other, on a connection of their own, opened when it is needed."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vetline.store.port import UnavailableError
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row

Parameters = dict[str, Any] | Row


class SlowReader:
    """A connection with its thread.

    Parameters:
        connect: opens a connection that is nobody else's.
        name: of the thread.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._name = name
        self._thread: ThreadPoolExecutor | None = None
        self._closed = False

    async def read(self, statement: str, parameters: Parameters) -> list[Row]:
        """Return the rows of a statement by its name; see `fetch`."""
        return await self.fetch(SQL[statement], parameters)

    async def fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        """Return the rows of a statement.

        Raises:
            UnavailableError: the database cannot be read.
        """

        def read() -> list[Row]:
            self._connection = self._connection or self._connect()
            return self._connection.execute(sql, parameters).fetchall()

        if self._closed:  # opening a file that has been removed would make it again
            raise UnavailableError("the store is closed")
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix=self._name)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, read)
        except sqlite3.Error as error:
            raise UnavailableError(f"the database cannot be read: {error}") from error

    async def close(self) -> None:
        """Let the read at hand end, then let go of the connection."""
        self._closed = True
        if self._thread:
            await asyncio.to_thread(self._thread.shutdown)
        if self._connection:
            self._connection.close()
