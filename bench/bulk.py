"""`python -m bench.bulk`: how fast `vetline bulk submit` is against a sandbox on this machine, and where the time goes.

Client and sandbox share the machine, as a developer's do. A profile slows calls down: its shares are what counts.
"""

import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench.seeding import customer_id, seed_customers

ROWS = 10_000
ROUNDS = 3
HEADER = "customer_id,qualification,education_segment,website,validation_code"
_TICKS = os.sysconf("SC_CLK_TCK")


class Figures(NamedTuple):
    """One run: the rows a second, and the processors' microseconds for each row, in the client and in the sandbox."""

    rate: float
    client: float
    server: float


def main() -> int:
    """Run it, and print the medians and the profile."""
    with tempfile.TemporaryDirectory(prefix="vetline-bulk-") as name:
        folder = Path(name)
        rounds = [measured(folder / str(number), ["-m", "vetline"]) for number in range(ROUNDS)]
        rates = ", ".join(f"{one.rate:,.0f}" for one in rounds)
        print(f"{ROWS:,} rows, {ROUNDS} runs: {rates} rows/s; median {median(one.rate for one in rounds):,.0f} rows/s")
        wall = 1e6 / median(one.rate for one in rounds)
        client, server = median(one.client for one in rounds), median(one.server for one in rounds)
        print(f"a row: {wall:,.0f} us; processor in the client {client:,.0f} us, in the sandbox {server:,.0f} us")
        profile = folder / "profile"
        measured(folder / "profiled", ["-m", "cProfile", "-o", str(profile), "-m", "vetline"])
        print("the client's time under the profiler, waiting left out:")
        for share, room in by_room(profile)[:12]:
            print(f"  {share:6.1%}  {room}")
    return 0


def measured(folder: Path, program: list[str]) -> Figures:
    """Submit all rows to a fresh sandbox."""
    seed_customers(folder / "data", ROWS)
    rows = (f"{customer_id(number)},Education,HigherEducation,example.edu," for number in range(ROWS))
    (folder / "in.csv").write_text("\n".join([HEADER, *rows]), "utf-8")
    with sandbox(folder / "data") as (base, pid):
        used, begun, before = processor_of(pid), time.perf_counter(), children()
        arguments = ["bulk", "submit", str(folder / "in.csv"), "--results", str(folder / "out.csv")]
        environment = {**os.environ, "VETLINE_PROFILE": "sandbox", "VETLINE_BASE_URL": base}
        subprocess.run([sys.executable, *program, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begun
        each = 1e6 / ROWS
        return Figures(ROWS / seconds, (children() - before) * each, (processor_of(pid) - used) * each)


@contextmanager
def sandbox(data: Path) -> Iterator[tuple[str, int]]:
    """Run a sandbox in which nothing is decided, and yield its address and process."""
    options = ["--port", "0", "--data", str(data), "--vetting", "by-hand", "--log-level", "error"]
    command = [sys.executable, "-m", "vetline", "sandbox", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield (process.stdout.readline() if process.stdout else "").split()[1], process.pid
        process.terminate()


def children() -> float:
    """Return the processor's seconds that children have used which have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def processor_of(pid: int) -> float:
    """Return the processor's seconds that a running process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def by_room(profile: Path) -> list[tuple[float, str]]:
    """Return the share of each part of the client in the time of a profile, the largest first."""
    found: dict[str, float] = defaultdict(float)
    rows: dict[tuple[str, int, str], tuple[int, int, float, float, Any]]
    rows = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
    for (file, _, function), (_, _, own, _, _) in rows.items():
        if room := room_of(file, function):
            found[room] += own
    total = sum(found.values())
    return sorted(((own / total, room) for room, own in found.items()), reverse=True)


def room_of(file: str, function: str) -> str:
    """Return the part of the client that a function belongs to; empty when it waits."""
    if "epoll" in function or "select.kqueue" in function:
        return ""
    if "/vetline/" in file:
        return "vetline." + ".".join(file.rpartition("/vetline/")[2].split("/")[:2]).removesuffix(".py")
    if "/site-packages/" in file:
        return file.rpartition("/site-packages/")[2].split("/")[0]
    if "fsync" in function:
        return "waiting for the disk"
    if "socket" in function:
        return "the operating system's sockets"
    if "/asyncio/" in file or "selectors" in file:
        return "asyncio"
    return "Python: built-in functions" if file == "~" else "Python: library"


if __name__ == "__main__":
    sys.exit(main())
