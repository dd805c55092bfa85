"""Cold starts: from the command to the first 200, and of a script that uses the client."""

import subprocess
import sys
import time

import httpx2


def cold_starts(number: int) -> list[float]:
    """Start a sandbox so many times, and return the seconds until its first 200."""
    return [_cold_start() for _ in range(number)]


def _cold_start() -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", "0", "--memory", "--log-level", "error"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        httpx2.get(line.split()[1] + "/healthz").raise_for_status()
        return time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(20)


def imports(number: int) -> list[float]:
    """Start an interpreter so many times, and return the seconds that loading the client takes in it."""
    return [_import() for _ in range(number)]


def _import() -> float:
    timed = "import time; a = time.perf_counter(); from vetline import PartnerCenter; print(time.perf_counter() - a)"
    done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
    return float(done.stdout)
