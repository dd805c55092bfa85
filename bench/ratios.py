"""Ratios against a baseline in the same run: reads and durable submissions, cold starts, memory."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.durable import RawCommits, Submissions
from bench.figures import Figures, Row, console
from bench.reads import Reads
from bench.seeding import seed_customers
from bench.servers import Hello, Service
from bench.startup import cold_starts, imports

ROUNDS = 3
SECONDS = 4
CUSTOMERS = 250_000


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
    console.print("Cold starts ...")
    starts, loads = cold_starts(ROUNDS), imports(ROUNDS)
    return {
        "GET qualifications / bare hello world": gets,
        "durable POST / raw group commit": posts,
        "cold start to the first 200, s": {"ours": median(starts), "worst": max(starts)},
        "import of the client, ms": {"ours": median(loads) * 1000, "worst": max(loads) * 1000},
        "resident memory, MiB": {"idle": idle, "after the submissions": busy},
    }


def rounds(baseline: Callable[[], float], ours: Callable[[], float]) -> Row:
    """Return the medians of interleaved rounds, and the median of the rounds' own ratios."""
    pairs = [(baseline(), ours()) for _ in range(ROUNDS)]
    return {
        "ratio": median(mine / base for base, mine in pairs),
        "baseline per s": median(base for base, _ in pairs),
        "ours per s": median(mine for _, mine in pairs),
    }
