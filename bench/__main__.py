"""`make bench` measures the service, part by part; `python -m bench PART` does one of them.

An absolute figure says more about the machine than about the service; the ratios hold elsewhere too. The load average
beside each table says what else the machine was doing.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import growth, latency, ratios, sandbox, scaling, worker
from bench.figures import Figures, keep, load_average, show
from bench.pages.measuring import Plan as Visits
from bench.pages.measuring import measure as pages
from bench.peers.comparing import compare
from bench.processes import BenchError
from bench.progress import console
from bench.soak.measuring import Plan
from bench.soak.measuring import measure as soak

Part = Callable[[Path], Figures]

# What is measured when nothing is asked for; the soak takes an hour.
PARTS = ("ratios", "peers", "latency", "growth", "pages", "worker", "scaling", "sandbox")


def main() -> int:
    """Run the parts that are asked for, print their tables, write them as JSON."""
    asked = _arguments()
    if shutil.which("wrk") is None:
        console.print("The benchmark needs the load generator wrk: install it (Debian: apt-get install wrk).")
        return 2
    parts = _parts(asked)
    for name in asked.parts or PARTS:
        try:
            _run(name, *parts[name])
        except BenchError as error:
            console.print(f"{name}: {error}", markup=False)
            return 1
    return 0


def _run(name: str, title: str, part: Part) -> None:
    before = load_average()
    with tempfile.TemporaryDirectory(prefix="vetline-bench-") as folder:
        found = part(Path(folder))
    load = f"{before} before, {load_average()} after"
    show(title, found, load)
    keep(name, found, load)


def _parts(asked: argparse.Namespace) -> dict[str, tuple[str, Part]]:
    sizes = (*growth.SIZES, growth.LARGE) if asked.large else growth.SIZES
    at_once = "64 connections, medians of 3 interleaved rounds"
    timed = "200 requests/s, open loop, medians of 3 rounds"
    soaked = f"{asked.minutes} minutes of mixed load, {asked.rate:g} requests/s, open loop"
    visits = f"{Visits().customers:,} customers, one request after the other, the median and the worst of 20"
    return {
        "ratios": (f"Against a baseline: {at_once}", ratios.measure),
        "peers": (f"Against peers, each on one processor: {at_once}", compare),
        "latency": (f"Latency: {timed}", latency.measure),
        "growth": (f"Growth: {timed}", lambda folder: growth.measure(folder, sizes, asked.database_url)),
        "pages": (f"Pages: {visits}", lambda folder: pages(folder, Visits())),
        "worker": ("The worker: medians of 3 rounds", worker.measure),
        "scaling": (f"Processes on one PostgreSQL: {at_once}; p99 at {timed}", scaling.measure),
        "sandbox": ("The sandbox in test suites, as its client sees it", sandbox.measure),
        "soak": (f"Memory: {soaked}", lambda folder: soak(folder, Plan(asked.minutes, asked.rate))),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}, soak; else all but soak")
    parser.add_argument("--large", action="store_true", help="growth: five million customers too (some minutes)")
    parser.add_argument("--database-url", default="", help="growth: an empty PostgreSQL database instead of our own")
    parser.add_argument("--minutes", type=int, default=Plan().minutes, help="soak: how long (%(default)s)")
    parser.add_argument("--rate", type=float, default=Plan().per_second, help="soak: requests a second (%(default)s)")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - {*PARTS, "soak"}:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    if asked.minutes < 1 or asked.rate <= 0:
        parser.error("a soak lasts a minute at least, and asks for something")
    return asked


if __name__ == "__main__":
    sys.exit(main())
