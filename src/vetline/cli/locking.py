"""One process at a time: a lock beside a file, freed by the system when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """A lock that other processes see. Where nothing can be written there is nothing to protect, and no lock.

    Parameters:
        file: what it protects; the lock is a file beside it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.with_name(f"{file.name}.lock")
        self._handle: int | None = None

    def acquire(self) -> None:
        """Wait for it and take it."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def release(self) -> None:
        """Give it back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock beside a file."""
    lock = FileLock(file)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
