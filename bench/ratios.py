"""Ratios against a baseline in the same run: reads and durable submissions, cold starts, memory."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.beside import submissions_beside
from bench.durable import RawCommits, Submissions, starts
from bench.figures import Figures, Row
from bench.on_postgres import Driver, database
from bench.progress import progress
from bench.reads import Reads
from bench.seeding import seed_customers
from bench.servers import Hello, Service
from bench.startup import cold_starts, imports

ROUNDS = 3
SECONDS = 4
CUSTOMERS = 250_000
# More: the driver's own submissions are for the customers behind those of the service.
ON_POSTGRES = 450_000


def measure(folder: Path) -> Figures:
    """Return every figure, by name."""
    progress(f"Preparing {CUSTOMERS:,} customers ...")
    data = folder / "data"
    seed_customers(data, CUSTOMERS)
    with Hello() as hello, Service(data) as service:
        idle = service.resident_mebibytes()
        progress("Reads, interleaved with bare hello world ...")
        gets = interleaved(Reads(hello, SECONDS).run, Reads(service, SECONDS).run)
        progress("Durable submissions, interleaved with raw group commits ...")
        raw = RawCommits(folder / "raw", SECONDS)
        posts = durable(raw, Submissions(service, SECONDS, starts()))
        alone: Row = {"reads per s": raw.reads(), "submissions per s, a commit each": raw.run(1)}
        raw.close()
        busy = service.resident_mebibytes()
    more = on_postgres(folder)
    progress("Cold starts ...")
    from_cold, loads = cold_starts(ROUNDS), imports(ROUNDS)
    return {
        "GET qualifications / bare hello world": gets,
        **posts,
        **more,
        "SQLite alone": alone,
        "cold start to the first 200, s": {"ours": median(from_cold), "worst": max(from_cold)},
        "import of the client, ms": {"ours": median(loads) * 1000, "worst": max(loads) * 1000},
        "resident memory, MiB": {"idle": idle, "after the submissions": busy},
    }


def on_postgres(folder: Path) -> Figures:
    """Return the figures on PostgreSQL, against what its driver does without gathering."""
    progress(f"Preparing {ON_POSTGRES:,} customers in PostgreSQL ...")
    with database(ON_POSTGRES) as url, Service(folder / "on-postgres", database_url=url) as service:
        progress("Reads and durable submissions on PostgreSQL, interleaved with the driver alone ...")
        driver = Driver(url, SECONDS)
        return {
            "GET on PostgreSQL / one query a read": interleaved(driver.reads, Reads(service, SECONDS).run),
            "durable POST on PostgreSQL / one transaction each": interleaved(
                driver.commits, Submissions(service, SECONDS, starts()).run
            ),
            "PostgreSQL's driver alone": {
                "reads per s, 64 to a query": driver.reads_together(),
                "submissions per s, 64 to a transaction": driver.commits_together(),
            },
        }


def durable(raw: RawCommits, ours: Submissions) -> Figures:
    """Return the submissions against both baselines: with nothing beside it, and beside the load that ours has."""
    quiet, loaded = [], []
    for _ in range(ROUNDS):
        alone, mine = raw.run(), ours.run()
        with submissions_beside(mine):
            beside = raw.run()
        quiet.append((alone, mine))
        loaded.append((beside, mine))
    return {
        "durable POST / raw group commit, nothing beside it": compared(quiet),
        "durable POST / raw group commit, the same load beside it": compared(loaded),
    }


def interleaved(baseline: Callable[[], float], ours: Callable[[], float]) -> Row:
    """Return the figures of rounds in which the two take turns."""
    return compared([(baseline(), ours()) for _ in range(ROUNDS)])


def compared(pairs: list[tuple[float, float]]) -> Row:
    """Return the medians of a baseline and of ours over the rounds, and the median of the rounds' own ratios."""
    return {
        "ratio": median(mine / base for base, mine in pairs),
        "baseline per s": median(base for base, _ in pairs),
        "ours per s": median(mine for _, mine in pairs),
    }
