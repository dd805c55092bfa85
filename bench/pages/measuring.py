"""How long the pages take: each by itself, one request after the other, over a real process and a full database.

The wall clock says what somebody waits; the processor's time says what a page costs, also where the machine has more to
do than this. The first request of a stop is kept apart: it finds nothing prepared.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import postgres
from bench.figures import Figures, Row
from bench.growth import Database
from bench.pages.company import KINDS, company
from bench.pages.filling import fill
from bench.pages.processor import Processor
from bench.pages.tour import PAIR, tour
from bench.pages.visiting import Person, Stop
from bench.processes import LOAD_CORE, pinned
from bench.progress import progress, progressing
from bench.servers import Service
from vetline.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Parameters:
        customers: how many there are; a tenth of them has a case that waits.
        turns: how often each page is asked for, besides the first time.
        turns_in_company: the same while something else happens.
    """

    customers: int = 1_000_000
    turns: int = 20
    turns_in_company: int = 10


def measure(folder: Path, plan: Plan) -> Figures:
    """Return the figures of SQLite and PostgreSQL."""
    found = of_database(folder, Database("SQLite", f"sqlite:///{folder / 'vetline.db'}"), plan)
    with postgres.postgres() as url:
        return found | of_database(folder, Database("PostgreSQL", url), plan)


def of_database(folder: Path, database: Database, plan: Plan) -> Figures:
    """Fill a database, and return the figures of its pages."""
    progress(f"{database.name}: filling with {plan.customers:,} customers and their cases ...")
    fill(database.url, plan.customers, SystemClock().now())
    database.settle()
    with Service(folder, "auto", database.url) as service, pinned(LOAD_CORE):
        found = visited(service, database, plan)
    return {f"{database.name}, {name}": row for name, row in found.items()}


def visited(service: Service, database: Database, plan: Plan) -> Figures:
    """Return the figures of every page of a service, alone and in company."""
    stops = tour(plan.customers, SystemClock().now())
    processor = Processor({service.process.pid, *database.server()})
    turns = range(plan.turns + 1)
    found = _alone(service.base, stops, turns, processor)
    for kind in KINDS:
        turns = range(turns.stop, turns.stop + plan.turns_in_company)
        with company(kind, service.base, plan.customers):
            _beside(kind, service.base, [stop for stop in stops if PAIR not in stop.name], turns, found)
    return _together(found)


def _alone(base: str, stops: Sequence[Stop], turns: range, processor: Processor) -> dict[str, dict[str, float]]:
    with _people(base, stops) as people:
        return {
            stop.name: _row([_once(people[stop.who], stop, turn, processor) for turn in turns])
            for stop in progressing(stops, "Opening pages")
        }


def _beside(kind: str, base: str, stops: Sequence[Stop], turns: range, found: dict[str, dict[str, float]]) -> None:
    nobody = Processor(())
    with _people(base, stops, rivals=True) as people:
        for stop in progressing(stops, f"Opening pages beside: {kind}"):
            times = [_once(people[stop.who], stop, turn, nobody)[0] for turn in turns]
            found[stop.name] |= {f"p50 beside {kind}, ms": median(times), f"worst beside {kind}, ms": max(times)}


@contextmanager
def _people(base: str, stops: Sequence[Stop], *, rivals: bool = False) -> Iterator[dict[str, Person]]:
    """Yield whoever makes the stops, signed in."""
    with ExitStack() as stack:
        names = dict.fromkeys(stop.who for stop in stops)
        yield {who: stack.enter_context(Person(base, who, rivals=rivals)) for who in names}


def _row(taken: Sequence[tuple[float, float]]) -> dict[str, float]:
    (cold, _), *others = taken
    times, costs = [wall for wall, _ in others], [cost for _, cost in others]
    return {
        "cold, ms": cold,
        "p50, ms": median(times),
        "worst, ms": max(times),
        "processor p50, ms": median(costs),
        "processor worst, ms": max(costs),
    }


def _once(person: Person, stop: Stop, turn: int, processor: Processor) -> tuple[float, float]:
    """Return the milliseconds that passed, and those of the processor."""
    if stop.before:
        stop.before(person, turn)
    used, begun = processor.seconds(), time.perf_counter()
    stop.ask(person, turn)
    return (time.perf_counter() - begun) * 1000, (processor.seconds() - used) * 1000


def _together(found: dict[str, dict[str, float]]) -> Figures:
    """Return the pages, with those that differ in the pair of filters as one: of each figure the worst pair's."""
    alone: Figures = {name: {**row} for name, row in found.items() if PAIR not in name}
    pairs = {name: row for name, row in found.items() if PAIR in name}
    slowest = max(pairs, key=lambda name: pairs[name]["processor worst, ms"])
    row: Row = {figure: max(one[figure] for one in pairs.values()) for figure in pairs[slowest]}
    return alone | {f"queue: the worst of {len(pairs)} pairs of filters": row | {"slowest": slowest}}
