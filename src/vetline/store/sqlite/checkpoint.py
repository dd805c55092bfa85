"""Moves the write-ahead log into the database, off the writer's path, and keeps the log from growing without end.

A passive checkpoint waits for nobody, but cannot restart a log that is always being written; past a limit the writer
restarts it itself, between two commits.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable

from vetline.store.port import StoreError
from vetline.store.sqlite.writer import patient

INTERVAL_SECONDS = 0.25
# 64 MiB of 4-KiB pages
RESTART_PAGES = 16_384


class Checkpointer:
    """A thread that checkpoints passively while there is something to move.

    Parameters:
        connect: opens a connection for this thread, at the first commit.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._dirty = threading.Event()
        self._stopping = threading.Event()
        self._log_is_long = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="vetline-checkpointer", daemon=True)
        self._thread.start()

    def committed(self, writer: sqlite3.Connection) -> None:
        """Tell of a commit; called by the writer's thread, which restarts the log here when it has grown long."""
        self._dirty.set()
        if self._log_is_long.is_set():
            self._log_is_long.clear()
            with contextlib.suppress(sqlite3.Error), patient(writer):
                writer.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()

    def close(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._dirty.set()
        self._thread.join()
        if self._connection:
            self._connection.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._dirty.wait()
            self._dirty.clear()
            self._checkpoint()
            self._stopping.wait(INTERVAL_SECONDS)

    def _checkpoint(self) -> None:
        # A full or locked disk is the writer's to report; the log simply waits.
        with contextlib.suppress(sqlite3.Error, StoreError):
            self._connection = self._connection or self._connect()
            _, pages, _ = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if pages > RESTART_PAGES:
                self._log_is_long.set()
