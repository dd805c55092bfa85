"""The sandbox as test suites use it: how long they wait for it to start, for its fixtures, and for a world.

Everything is timed by a client on the other processor, from the request to its answer; pytest's own fixtures in real
runs of pytest.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench.figures import Figures, Row, percentile
from bench.processes import LOAD_CORE, SERVER_CORE, pinned
from bench.progress import progress
from vetline.testing import Sandbox, SandboxProcess

T = TypeVar("T")

STARTS = 7
RUNS = 5
WORLDS = 100
CLIENTS = 4
THINK_SECONDS = 0.05
FILES = 10

_CONFTEST = """
import json
import time
from pathlib import Path

import pytest

@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    begun = time.perf_counter()
    try:
        return (yield)
    finally:
        with Path("seconds.jsonl").open("a") as file:
            file.write(json.dumps({fixturedef.argname: time.perf_counter() - begun}) + "\\n")
"""
_TEST = "import pytest\n@pytest.mark.parametrize('n', range(20))\ndef test_one(vetline_world, n):\n    pass\n"


def measure(folder: Path) -> Figures:
    """Return every figure, by name."""
    progress("Starts of the sandbox ...")
    starts = [_start() for _ in range(STARTS)]
    found: Figures = {
        "cold start to the ready line, s": _row([seconds for seconds, _ in starts], 1),
        "the same, of its processor, s": _row([processor for _, processor in starts], 1),
    }
    progress("Worlds ...")
    with _on_its_processor() as sandbox, pinned(LOAD_CORE):
        _worlds(sandbox, 20, 0)  # the first are made while the sandbox still warms up
        for clients in (1, CLIENTS):
            for think, how in ((0.0, "back to back"), (THINK_SECONDS, "with think time")):
                made, ended = _at_once(sandbox, clients, think)
                name = f"{how}, {clients} client{'s' if clients > 1 else ''}"
                found[f"a new world, {name}, ms"] = _row(made, 1000)
                found[f"the end of a world, {name}, ms"] = _row(ended, 1000)
    progress("Runs of pytest ...")
    for run in ("the first run", "a later run"):
        fixtures = [_fixtures(folder / f"suite-{number}") for number in range(RUNS)]
        for fixture in ("vetline_sandbox", "vetline_world"):
            found[f"{fixture}, {run}, ms"] = _row([one for each in fixtures for one in each[fixture]], 1000)
    return found


def _row(seconds: list[float], times: float) -> Row:
    return {"median": median(seconds) * times, "p90": percentile(seconds, 0.9) * times, "worst": max(seconds) * times}


def _start() -> tuple[float, float]:
    """Return the seconds until the sandbox is ready, and how long it had a processor in them."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", "0", "--log-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        seconds = time.perf_counter() - begun
        processor = _processor_seconds(process.pid)
        process.terminate()
    return seconds, processor


def _processor_seconds(process: int) -> float:
    """Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (utime, stime)"""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _on_its_processor() -> SandboxProcess:
    with pinned(SERVER_CORE):
        return SandboxProcess(arguments=["--log-level", "error"])


def _at_once(sandbox: Sandbox, clients: int, think: float) -> tuple[list[float], list[float]]:
    """Return how long worlds took to make and to end, of so many clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        found = list(pool.map(lambda _: _worlds(sandbox, WORLDS // clients, think), range(clients)))
    return [one for made, _ in found for one in made], [one for _, ended in found for one in ended]


def _worlds(sandbox: Sandbox, number: int, think: float) -> tuple[list[float], list[float]]:
    made: list[float] = []
    ended: list[float] = []
    for _ in range(number):
        world = _timed(sandbox.world, made)
        time.sleep(think)
        _timed(world.close, ended)
        time.sleep(think)
    return made, ended


def _timed(call: Callable[[], T], into: list[float]) -> T:
    begun = time.perf_counter()
    found = call()
    into.append(time.perf_counter() - begun)
    return found


def _fixtures(suite: Path) -> dict[str, list[float]]:
    """Run a suite, made where there is none yet, and return how long each set-up of each fixture took."""
    if not suite.exists():
        _write(suite)
    log = suite / "seconds.jsonl"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib"]
    subprocess.run(command, cwd=suite, check=True, stdout=subprocess.DEVNULL)
    seconds: dict[str, list[float]] = {}
    for line in log.read_text("utf-8").splitlines():
        for name, value in json.loads(line).items():
            seconds.setdefault(name, []).append(value)
    return seconds


def _write(suite: Path) -> None:
    suite.mkdir()
    (suite / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n", "utf-8")
    (suite / "conftest.py").write_text(_CONFTEST, "utf-8")
    for number in range(FILES):
        (suite / f"test_{number}.py").write_text(_TEST, "utf-8")
