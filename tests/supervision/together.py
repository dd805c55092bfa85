"""A `vetline serve --workers N`: its processes by number, and requests that come to any of them."""

import contextlib
import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx2

from tests.api.service import Service
from tests.support.authority import Authority

DEADLINE_SECONDS = 20.0
# Each request on a connection of its own comes to a process of the system's choice.
AFRESH = {"Connection": "close"}
_COUNT = re.compile(r'^vetline_requests_total\{.*process="(\d+)".*\} (\S+)$', re.MULTILINE)


class Together(Service):
    """A service of several processes.

    Parameters:
        authority, database: see `Service`.
        settings: by their names in lower case; two processes unless `workers` says otherwise.
    """

    def __init__(self, authority: Authority, database: Path | str, settings: dict[str, str], port: int = 0) -> None:
        super().__init__(authority, database, {"workers": "2"} | settings, port)

    @property
    def pids(self) -> dict[str, int]:
        """The processes that answered last under each name."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return {line["which"]: line["pid"] for line in lines if line["event"] == "a process answers"}

    def kill_one(self, name: str = "0") -> int:
        """Kill a process that serves, without warning; return which it was."""
        pid = self.pids[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def freeze_one(self, name: str = "0") -> int:
        """Make a process hang."""
        pid = self.pids[name]
        os.kill(pid, signal.SIGSTOP)
        return pid

    def afresh(self, path: str) -> httpx2.Response:
        """Send a GET on a new connection."""
        return self.call("GET", path, headers=AFRESH)

    def counted(self) -> Counter[str]:
        """Return how many requests each process has answered, as any of them says."""
        found: Counter[str] = Counter()
        for process, count in _COUNT.findall(self.http.get("/metrics", headers=AFRESH).raise_for_status().text):
            found[process] += int(float(count))
        return found

    def close(self) -> None:
        """Make sure that all are gone, also those that hang."""
        for pid in self.pids.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        super().close()


def lives(pid: int) -> bool:
    """Whether a process runs; one that waits only for its parent to notice its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(condition: Callable[[], bool], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    """Return when something has come to be so.

    Raises:
        AssertionError: it does not.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
