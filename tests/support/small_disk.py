"""Two ways to run out of space: a disk of a few megabytes, and a limit on how long a process's files may become."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import Sandbox


class FullDisk:
    """A disk that is filled up by another file.

    Parameters:
        folder: where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, sandbox: Sandbox) -> None:
        """Take all space that is left."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(os.urandom(4096))
                except OSError:
                    return

    def give_back(self, sandbox: Sandbox) -> None:
        """Give the space back."""
        (self.folder / "filler").unlink()


class FileLimit:
    """A limit on the length of every file that a sandbox writes; writing past it fails as on a broken disk.

    Parameters:
        folder: where the sandbox keeps its files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, sandbox: Sandbox) -> None:
        """Let no file become much longer than the longest is."""
        longest = max(file.stat().st_size for file in self.folder.iterdir())
        self._set(sandbox, longest + 100_000)

    def give_back(self, sandbox: Sandbox) -> None:
        """Lift the limit; a process that has ended took it with it."""
        if sandbox.process.poll() is None:
            self._set(sandbox, resource.RLIM_INFINITY)

    def _set(self, sandbox: Sandbox, length: int) -> None:
        resource.prlimit(sandbox.process.pid, resource.RLIMIT_FSIZE, (length, resource.RLIM_INFINITY))


Space = FullDisk | FileLimit


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[FullDisk]:
    """Yield a disk of a few megabytes.

    Raises:
        PermissionError: nobody may mount anything here.
    """
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "vetline-test", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        raise PermissionError(mounted.stderr)
    try:
        yield FullDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
