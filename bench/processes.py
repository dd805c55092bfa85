"""Processes under measurement: pinned to a processor, counted with all their children, ended with them."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

SERVER_CORE = {0}
LOAD_CORE = {1} if (os.cpu_count() or 1) > 1 else {0}

_PAGE = os.sysconf("SC_PAGE_SIZE")


class BenchError(Exception):
    """Something could not be measured; the sentence says why."""


@contextlib.contextmanager
def pinned(core: set[int]) -> Iterator[None]:
    """Run what is inside on one processor; threads and processes that it starts stay there."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, everywhere)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_pinned(command: list[str], folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start a server on its processor, as the head of a session of its own; what it prints goes to a file.

    Raises:
        BenchError: there is no such program.
    """
    try:
        with log.open("wb") as sink:
            return subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORE),
            )
    except OSError as error:
        raise BenchError(f"{Path(command[0]).name} cannot be started: {error.strerror}") from error


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children; what does not go in ten seconds is killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def resident_mebibytes(session: int) -> float:
    """Return the resident memory of all processes of a session, shared pages counted for each."""
    return sum(_resident(folder) for folder in Path("/proc").glob("[0-9]*") if _session(folder) == session) / 2**20


def parent(process: Path) -> int:
    """Return the process that started one, by its folder in /proc; -1 for one that has ended."""
    return _after_the_name(process, 1)


def _session(process: Path) -> int:
    return _after_the_name(process, 3)


def _after_the_name(process: Path, place: int) -> int:
    with contextlib.suppress(OSError):  # it ended meanwhile
        # The program's name may hold blanks: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        return int((process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[place])
    return -1


def _resident(process: Path) -> int:
    with contextlib.suppress(OSError):
        return int((process / "statm").read_text("ascii").split()[1]) * _PAGE
    return 0
