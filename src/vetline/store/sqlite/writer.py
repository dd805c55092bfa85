"""The one writer: a thread that commits together what waits together.

Whatever arrives while a commit is on its way to the disk goes into the next one. Each item has a savepoint of its own,
so that one that conflicts takes nothing else down; the answer to each is given only after the commit.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from vetline.store.port import ConflictError, UnavailableError

Work = Callable[[sqlite3.Connection], Any]

MAX_BATCH = 512

# What a full disk, a locked file or a failing device raises; the item itself is then not to blame.
_DISK_ERRORS = (sqlite3.OperationalError, sqlite3.InternalError, sqlite3.NotSupportedError)


class _Item(NamedTuple):
    work: Work
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class GroupWriter:
    """Runs work in a transaction, together with whatever else waits.

    Parameters:
        connection: used by the writer's thread only.
        committed: called in that thread after each commit.
    """

    def __init__(self, connection: sqlite3.Connection, committed: Callable[[], None]) -> None:
        self._connection = connection
        self._committed = committed
        self._waiting: SimpleQueue[_Item | None] = SimpleQueue()
        self._closed = False
        # Held while something is queued and while the end is declared, so that nothing is queued behind the end.
        self._entry = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="vetline-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Work) -> Any:
        """Return what a piece of work returned, after the commit that holds it.

        Raises:
            StoreError: what the work raised, ConflictError for a broken constraint, UnavailableError for the disk.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        with self._entry:
            if self._closed:
                raise UnavailableError("the store is closed")
            self._waiting.put(_Item(work, future, loop))
        return await future

    def close(self) -> None:
        """Commit what waits, then end the thread."""
        with self._entry:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, more = self._batch(first)
            _tell(batch, self._commit(batch))
            if not more:
                return

    def _batch(self, first: _Item) -> tuple[list[_Item], bool]:
        """Return what waits, and whether more may come."""
        batch = [first]
        while len(batch) < MAX_BATCH:
            try:
                item = self._waiting.get_nowait()
            except Empty:
                break
            if item is None:
                return batch, False
            batch.append(item)
        return batch, True

    def _commit(self, batch: list[_Item]) -> list[Any]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(item.work) for item in batch]
            self._connection.execute("COMMIT")
            self._committed()
        except sqlite3.Error as error:
            self._give_up()
            return [UnavailableError(f"the database cannot be written: {error}")] * len(batch)
        return outcomes

    def _attempt(self, work: Work) -> Any:
        """Return what the work returned or raised; a failing disk fails the whole batch."""
        execute = self._connection.execute
        execute("SAVEPOINT item")
        try:
            outcome = work(self._connection)
        except Exception as error:  # whatever else the work raises belongs to its caller, not to this thread
            if _is_the_disks(error):
                raise
            outcome = ConflictError(str(error)) if isinstance(error, sqlite3.IntegrityError) else error
            execute("ROLLBACK TO item")
        execute("RELEASE item")
        return outcome

    def _give_up(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # SQLite itself rolls back what could not be rolled back here, at the latest when the file is opened next.
            pass


def _is_the_disks(error: Exception) -> bool:
    """A damaged file has no class of its own: it is told by the bare class of all of them."""
    return isinstance(error, _DISK_ERRORS) or type(error) is sqlite3.DatabaseError


def _tell(batch: list[_Item], outcomes: list[Any]) -> None:
    """Wake each event loop once for all its items."""
    for loop in {item.loop for item in batch}:
        mine = [(item.future, outcome) for item, outcome in zip(batch, outcomes, strict=True) if item.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, mine)


def _resolve(told: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, outcome in told:
        if future.done():  # the caller has gone; its work is saved all the same
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
