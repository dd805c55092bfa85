"""Ten thousand, a million, five million customers: latency at 200 requests a second, and the database's size.

One database grows and is measured at each size. Reads go to customers all over it, submissions to those it grew by;
bare hello world is measured beside each size, because the machine is not the same from one minute to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench import postgres
from bench.figures import Figures, Row, medians
from bench.processes import BenchError
from bench.progress import progress
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

    def mebibytes(self) -> float:
        """Return its size on disk; an SQLite file's log is included."""
        if self.url.startswith("sqlite:///"):
            file = Path(self.url.removeprefix("sqlite:///"))
            return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*")) / 2**20
        return postgres.mebibytes(self.url)

    def server(self) -> set[int]:
        """Return the process that starts those of the database, if it has any of its own on this machine."""
        return set() if self.url.startswith("sqlite:///") else postgres.server(self.url)

    def settle(self) -> None:
        """Let it do what it would otherwise do while it is measured."""
        if not self.url.startswith("sqlite:///"):
            postgres.settle(self.url)


def measure(folder: Path, sizes: Sequence[int], database_url: str = "") -> Figures:
    """Return the figures of SQLite and PostgreSQL at each size.

    Parameters:
        database_url: an empty PostgreSQL database; empty for a server of our own.
    """
    found = report_growth(folder, [Database("SQLite", f"sqlite:///{folder / 'vetline.db'}")], sizes)
    with postgres.postgres(database_url) as url:
        return found | report_growth(folder, [Database("PostgreSQL", url)], sizes)


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
        progress(f"{database.name}: growing from {before:,} to {size:,} customers ...")
        add_customers(database.url, before, size)
        database.settle()
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
