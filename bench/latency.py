"""Latency at 200 requests a second, interleaved with hello world: what the machine and the generator add themselves."""

from itertools import count
from pathlib import Path

from bench.figures import Figures, medians
from bench.openloop import Operation
from bench.progress import progress
from bench.seeding import seed_customers
from bench.servers import Hello, Server, Service
from bench.timing import PER_SECOND, read, submit, timed

ROUNDS = 3
SECONDS = 5
CUSTOMERS = 10_000


def measure(folder: Path) -> Figures:
    """Return the latencies of a read, and of submissions that are and are not decided in the same step."""
    for name in ("reviewing", "immediate"):
        seed_customers(folder / name, CUSTOMERS)
    with Hello() as hello, Service(folder / "reviewing") as ours, Service(folder / "immediate", "immediate") as decides:
        first, second = count(1), count(1)
        operations: dict[str, tuple[Server, Operation]] = {
            "bare hello world": (hello, read(hello, lambda _: 0)),
            "GET qualifications": (ours, read(ours, lambda turn: turn % CUSTOMERS)),
            "durable POST, in review": (ours, submit(ours, lambda _: next(first))),
            "durable POST, decided in the same step": (decides, submit(decides, lambda _: next(second))),
        }
        for each in operations.values():
            timed(*each, 1)  # the first requests load code and data
        progress(f"Latency at {PER_SECOND} requests/s ...")
        rounds = [{name: timed(*each, SECONDS) for name, each in operations.items()} for _ in range(ROUNDS)]
    return {name: medians([found[name] for found in rounds]) for name in operations}
