"""Ten thousand, a million, five million customers: latency at 200 requests a second, and the database's size.

One database grows and is measured at each size. Reads go to customers all over it, submissions to those it grew by;
bare hello world is measured beside each size, because the machine is not the same from one minute to the next.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.figures import Figures, Row, console, medians
from bench.processes import BenchError
from bench.seeding import add_customers
from bench.servers import AFTER_DAYS, Hello, Service
from bench.timing import read, submit, timed
from vetline.settings import SettingsError
from vetline.store.port import StoreError

SIZES = (10_000, 1_000_000)
LARGE = 5_000_000
ROUNDS = 3
SECONDS = 5
_PRIME = 7_919  # no divisor of a size: its multiples come to every customer once


@dataclass(frozen=True, slots=True)
class Database:
    """A database that is measured.

    Parameters:
        name: for the table.
        url: where it is; it has to be empty.
    """

    name: str
    url: str

    def mebibytes(self) -> float | str:
        """Return its size on disk, its log included."""
        if self.url.startswith("sqlite:///"):
            file = Path(self.url.removeprefix("sqlite:///"))
            return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*")) / 2**20
        return _postgres_mebibytes(self.url)


def _postgres_mebibytes(url: str) -> float | str:
    asked = ["psql", "--no-psqlrc", "-qAt", "-c", "SELECT pg_database_size(current_database())", url]
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, check=True, env={**os.environ, "PGCONNECT_TIMEOUT": "5"}
        )
        return int(done.stdout) / 2**20
    except (OSError, subprocess.SubprocessError, ValueError):
        return "not measured: psql could not ask for it"


def measure(folder: Path, sizes: Sequence[int], more: Sequence[Database] = ()) -> Figures:
    """Return the figures of SQLite, and of each further database, at each size."""
    return report_growth(folder, [Database("SQLite", f"sqlite:///{folder / 'vetline.db'}"), *more], sizes)


def report_growth(folder: Path, databases: Sequence[Database], sizes: Sequence[int]) -> Figures:
    """Return the figures of each database at each size; where there are none, why."""
    found: Figures = {}
    for database in databases:
        try:
            _grow(folder, database, sizes, found)
        except (BenchError, SettingsError, StoreError) as error:
            found[database.name] = {"not measured any further": str(error)}
    return found


def _grow(folder: Path, database: Database, sizes: Sequence[int], found: Figures) -> None:
    for before, size in zip((0, *sizes), sizes, strict=False):
        console.print(f"{database.name}: growing from {before:,} to {size:,} customers ...")
        add_customers(database.url, before, size)
        found[f"{database.name}, {size:,} customers"] = _at(folder, database, before, size)


def _at(folder: Path, database: Database, before: int, size: int) -> Row:
    mebibytes = database.mebibytes()
    with Hello() as hello, Service(folder, AFTER_DAYS, database.url) as service:
        anywhere, added = count(1), count(1)
        reading = read(service, lambda _: next(anywhere) * _PRIME % size)
        submitting = submit(service, lambda _: before + next(added) * _PRIME % (size - before))
        _warm_up(service, size)
        rounds = [
            {
                **_named("hello", timed(hello, read(hello, lambda _: 0), SECONDS)),
                **_named("GET", timed(service, reading, SECONDS)),
                **_named("POST", timed(service, submitting, SECONDS)),
            }
            for _ in range(ROUNDS)
        ]
    return {**medians(rounds), "database, MiB": mebibytes}


def _warm_up(service: Service, size: int) -> None:
    """The first requests load code and pages; they would be the slowest hundredth."""
    backwards = count(1)
    timed(service, read(service, lambda _: size - 1 - next(backwards) * _PRIME % size), 1)


def _named(what: str, found: dict[str, float]) -> dict[str, float]:
    return {f"{what} {name}": value for name, value in found.items() if what != "hello" or name.startswith("p99")}
