"""The load generator wrk: sixty-four connections from the other processor, each asking again when it is answered."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator

from bench.processes import LOAD_CORE, BenchError


def load(arguments: list[str], environment: dict[str, str] | None = None) -> float:
    """Run wrk on the other processor, and return the requests it got answered per second.

    Raises:
        BenchError: some answers were not what they should be, or none came.
    """
    with loading(arguments, environment) as process:
        said, _ = process.communicate()
    if "Non-2xx" in said:
        raise BenchError(f"some answers were refusals:\n{said}")
    time.sleep(0.2)  # let the server finish what it was in the middle of
    rate = float(next((line.split()[1] for line in said.splitlines() if line.startswith("Requests/sec")), "0"))
    if not rate:
        raise BenchError(f"nothing was answered:\n{said}")
    return rate


@contextlib.contextmanager
def loading(arguments: list[str], environment: dict[str, str] | None = None) -> Iterator["subprocess.Popen[str]"]:
    """Yield wrk while it runs on the other processor; what still runs in the end is ended."""
    with subprocess.Popen(
        ["wrk", "-t1", "-c64", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        preexec_fn=lambda: os.sched_setaffinity(0, LOAD_CORE),
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
