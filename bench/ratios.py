"""Ratios against a baseline in the same run: reads and durable submissions, cold starts, memory."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.durable import RawCommits, Submissions
from bench.figures import Figures, Row, console
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


def measure(folder: Path) -> Figures:
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
    more = on_postgres(folder)
    console.print("Cold starts ...")
    starts, loads = cold_starts(ROUNDS), imports(ROUNDS)
    return {
        "GET qualifications / bare hello world": gets,
        "durable POST / raw group commit": posts,
        **more,
        "cold start to the first 200, s": {"ours": median(starts), "worst": max(starts)},
        "import of the client, ms": {"ours": median(loads) * 1000, "worst": max(loads) * 1000},
        "resident memory, MiB": {"idle": idle, "after the submissions": busy},
    }


def on_postgres(folder: Path) -> Figures:
    """Return the figures on PostgreSQL, against what its driver does without gathering."""
    console.print(f"Preparing {ON_POSTGRES:,} customers in PostgreSQL ...")
    with database(ON_POSTGRES) as url, Service(folder / "on-postgres", database_url=url) as service:
        console.print("Reads and durable submissions on PostgreSQL, interleaved with the driver alone ...")
        driver = Driver(url, SECONDS)
        return {
            "GET on PostgreSQL / one query a read": rounds(driver.reads, Reads(service, SECONDS).run),
            "durable POST on PostgreSQL / one transaction each": rounds(
                driver.commits, Submissions(service, SECONDS).run
            ),
        }


def rounds(baseline: Callable[[], float], ours: Callable[[], float]) -> Row:
    """Return the medians of interleaved rounds, and the median of the rounds' own ratios."""
    pairs = [(baseline(), ours()) for _ in range(ROUNDS)]
    return {
        "ratio": median(mine / base for base, mine in pairs),
        "baseline per s": median(base for base, _ in pairs),
        "ours per s": median(mine for _, mine in pairs),
    }
