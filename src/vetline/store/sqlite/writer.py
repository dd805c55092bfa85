"""The one writer: what waits together is committed together, and only the commit waits for the disk.

Statements take some microseconds each and run in the event loop: handing each to a thread would cost more than the
statement, because two threads would fight for the interpreter. The commit, which waits for the disk, runs in a thread;
whatever arrives meanwhile goes into the next one. The answer to each item is given only after the commit.

An item that conflicts takes nothing else down: where it had changed something already, the batch is rolled back and
done once more, with a savepoint for each item. Savepoints for all from the start would cost a third of the statements.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from vetline.store.port import ConflictError, StoreError, UnavailableError

Work = Callable[[sqlite3.Connection], Any]

# Bounds how long the event loop is held: some four milliseconds of statements.
MAX_BATCH = 128

# How long a transaction waits for another process's.
PATIENCE_MS = 2_000

# What a full disk, a locked file or a failing device raises; the item itself is then not to blame.
_DISK_ERRORS = (sqlite3.OperationalError, sqlite3.InternalError, sqlite3.NotSupportedError)


class _HalfDoneError(Exception):
    """An item failed after it had changed something."""


class _Item(NamedTuple):
    work: Work
    long: bool
    future: asyncio.Future[Any]


class GroupWriter:
    """Runs work in a transaction, together with whatever else waits.

    Parameters:
        connection: nobody else's.
        committed: called in a thread after each commit; `None`: nobody waits for a disk, and commits need no thread.
    """

    def __init__(self, connection: sqlite3.Connection, committed: Callable[[], None] | None) -> None:
        self._connection = connection
        self._connection.execute("PRAGMA busy_timeout = 0")  # the event loop waits for nobody
        self._committed = committed
        self._waiting: deque[_Item] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vetline-writer")
        self._serving: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self, work: Work, *, long: bool = False) -> Any:
        """Return what a piece of work returned, after the commit that holds it.

        Parameters:
            work: what is to be done on the connection.
            long: whether it may take milliseconds; its whole batch then runs in the thread.

        Raises:
            StoreError: what the work raised, ConflictError for a broken constraint, UnavailableError for the disk.
        """
        if self._closed:
            raise UnavailableError("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(_Item(work, long, future))
        if self._serving is None or self._serving.done():
            self._serving = loop.create_task(self._serve())
        try:
            return await future
        finally:
            del future  # an exception in it leads back here: a circle that only the collector would find

    async def close(self) -> None:
        """Commit what waits, then let go of the connection."""
        self._closed = True
        if self._serving is not None:
            await self._serving
        self._thread.shutdown()
        self._connection.close()

    async def _serve(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
            _tell(batch, await self._transact(batch))

    async def _transact(self, batch: list[_Item]) -> list[Any]:
        """Return the outcome of each item."""
        try:
            return await self._together(batch)
        except sqlite3.Error as error:
            self._roll_back()
            return [UnavailableError(f"the database cannot be written: {error}")] * len(batch)

    async def _together(self, batch: list[_Item]) -> list[Any]:
        in_thread = asyncio.get_running_loop().run_in_executor
        if not any(item.long for item in batch) and self._begun():
            try:
                outcomes = [self._attempt(item.work) for item in batch]
                if self._committed:
                    await in_thread(self._thread, self._commit)
                else:
                    self._commit()
                    await asyncio.sleep(0)  # between two batches it is somebody else's turn
            except _HalfDoneError:
                self._roll_back()
            else:
                return outcomes
        return await in_thread(self._thread, self._transact_patiently, batch)

    def _begun(self) -> bool:
        """Begin without waiting; return whether that was possible."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False  # another process writes; whatever else it is, trying again in the thread will tell
        return True

    def _transact_patiently(self, batch: list[_Item]) -> list[Any]:
        with patient(self._connection):
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt_alone(item.work) for item in batch]
            self._commit()
        return outcomes

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        if self._committed:
            self._committed()

    def _attempt(self, work: Work) -> Any:
        """Return what the work returned or raised.

        Raises:
            _HalfDoneError: it had changed something before it raised.
            sqlite3.Error: the disk fails, and with it the whole batch.
        """
        changes = self._connection.total_changes
        try:
            return work(self._connection)
        except Exception as error:
            if self._connection.total_changes != changes and not _is_the_disks(error):
                raise _HalfDoneError from error
            return _outcome_of(error)

    def _attempt_alone(self, work: Work) -> Any:
        """Return what the work returned or raised; what it changed before it raised is undone.

        Raises:
            sqlite3.Error: the disk fails, and with it the whole batch.
        """
        execute = self._connection.execute
        execute("SAVEPOINT item")
        try:
            outcome = work(self._connection)
        except Exception as error:
            outcome = _outcome_of(error)
            execute("ROLLBACK TO item")
        execute("RELEASE item")
        return outcome

    def _roll_back(self) -> None:
        # What cannot be rolled back here SQLite itself rolls back, at the latest when the file is opened next.
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


@contextmanager
def patient(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a connection wait for locks, in a thread that may."""
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        yield
    finally:
        connection.execute("PRAGMA busy_timeout = 0")


def _outcome_of(error: Exception) -> Exception:
    """Return what is told of an error that belongs to its caller, not to the batch; the disk's is raised on.

    An expected one is told without its traceback: that leads back to the batch, which leads here, and only the
    collector would ever find the circle.
    """
    if _is_the_disks(error):
        raise error
    if isinstance(error, sqlite3.IntegrityError):
        return ConflictError(str(error))
    return error.with_traceback(None) if isinstance(error, StoreError) else error


def _is_the_disks(error: Exception) -> bool:
    """A damaged file has no class of its own: it is told by the bare class of all of them."""
    return isinstance(error, _DISK_ERRORS) or type(error) is sqlite3.DatabaseError


def _tell(batch: list[_Item], outcomes: list[Any]) -> None:
    for item, outcome in zip(batch, outcomes, strict=True):
        if item.future.done():  # the caller has gone; its work is saved all the same
            continue
        if isinstance(outcome, Exception):
            item.future.set_exception(outcome)
        else:
            item.future.set_result(outcome)
