"""The time that a service and its database have used of the processors: what others do on the machine is not in it."""

import contextlib
from collections.abc import Collection
from pathlib import Path

from bench.processes import parent

_NANOSECOND = 1e-9


class Processor:
    """Counts for several processes.

    Parameters:
        pids: the processes; their threads and children count as well.
    """

    def __init__(self, pids: Collection[int]) -> None:
        self._pids = pids

    def seconds(self) -> float:
        """Return how much they have used until now."""
        return sum(_used(folder) for folder in Path("/proc").glob("[0-9]*") if self._counts(folder)) * _NANOSECOND

    def _counts(self, process: Path) -> bool:
        return int(process.name) in self._pids or parent(process) in self._pids


def _used(process: Path) -> int:
    """Source: https://docs.kernel.org/scheduler/sched-stats.html (/proc/<pid>/schedstat)"""
    found = (_text(file) for file in process.glob("task/*/schedstat"))
    return sum(int(text.split()[0]) for text in found if text)


def _text(file: Path) -> str:
    with contextlib.suppress(OSError):  # it ended meanwhile
        return file.read_text("ascii", "replace")
    return ""
