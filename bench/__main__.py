"""`make bench`: ratios against a baseline in the same run, medians of interleaved rounds, the server on one core.

An absolute figure says more about the machine than about the service; the ratios hold elsewhere too.
"""

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.durable import RawCommits, Submissions
from bench.on_postgres import Driver, database
from bench.reads import Reads
from bench.seeding import seed_customers
from bench.servers import Hello, Service
from bench.startup import cold_starts, imports

ROUNDS = 3
SECONDS = 4
CUSTOMERS = 250_000
# More: the driver's own submissions are for the customers behind those of the service.
ON_POSTGRES = 400_000
RESULTS = Path(__file__).with_name("results.json")

console = Console(width=None if sys.stdout.isatty() else 120)


def main() -> int:
    """Run everything, print the table, write it as JSON."""
    if shutil.which("wrk") is None:
        console.print("The benchmark needs the load generator wrk: install it (Debian: apt-get install wrk).")
        return 2
    with tempfile.TemporaryDirectory(prefix="vetline-bench-") as folder:
        found = measure(Path(folder))
    show(found)
    RESULTS.write_text(json.dumps({"machine": machine(), "figures": found}, indent=2) + "\n", "utf-8")
    return 0


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Return every figure, by name."""
    console.print(f"Preparing {CUSTOMERS:,} customers ...")
    data = folder / "data"
    seed_customers(data, CUSTOMERS)
    with Hello() as hello, Service(data) as service:
        idle = service.resident_mebibytes()
        console.print("Reads, interleaved with bare hello world ...")
        gets = rounds(Reads(hello, SECONDS).run, Reads(service, SECONDS).run)
        console.print("Durable submissions, interleaved with raw group commits ...")
        raw = RawCommits(folder / "raw", SECONDS)
        posts = rounds(raw.run, Submissions(service, SECONDS).run)
        raw.close()
        busy = service.resident_mebibytes()
    console.print(f"Preparing {ON_POSTGRES:,} customers in PostgreSQL ...")
    with database(ON_POSTGRES) as url, Service(url) as service:
        console.print("Reads and durable submissions on PostgreSQL, interleaved with the driver alone ...")
        driver = Driver(url, SECONDS)
        gets_on_postgres = rounds(driver.reads, Reads(service, SECONDS).run)
        posts_on_postgres = rounds(driver.commits, Submissions(service, SECONDS).run)
    console.print("Cold starts ...")
    starts, loads = cold_starts(ROUNDS), imports(ROUNDS)
    return {
        "GET qualifications / bare hello world": gets,
        "durable POST / raw group commit": posts,
        "GET on PostgreSQL / one query a read": gets_on_postgres,
        "durable POST on PostgreSQL / one transaction each": posts_on_postgres,
        "cold start to the first 200, s": {"ours": median(starts), "worst": max(starts)},
        "import of the client, ms": {"ours": median(loads) * 1000, "worst": max(loads) * 1000},
        "resident memory, MiB": {"idle": idle, "after the submissions": busy},
    }


def rounds(baseline: Callable[[], float], ours: Callable[[], float]) -> dict[str, float]:
    """Return the medians of interleaved rounds, and the median of the rounds' own ratios."""
    pairs = [(baseline(), ours()) for _ in range(ROUNDS)]
    return {
        "ratio": median(mine / base for base, mine in pairs),
        "baseline per s": median(base for base, _ in pairs),
        "ours per s": median(mine for _, mine in pairs),
    }


def show(found: dict[str, dict[str, float]]) -> None:
    """Print the figures as a table."""
    table = Table(title=f"Vetline, {ROUNDS} interleaved rounds of {SECONDS} s, 64 connections", title_justify="left")
    table.add_column("What")
    table.add_column("Figures", overflow="fold")
    for name, figures in found.items():
        table.add_row(name, ", ".join(f"{label} {value:,.2f}" for label, value in figures.items()))
    console.print(table)


def machine() -> dict[str, str | int | None]:
    """Return what the figures were measured on."""
    return {"python": platform.python_version(), "system": platform.platform(), "processors": os.cpu_count()}


if __name__ == "__main__":
    sys.exit(main())
