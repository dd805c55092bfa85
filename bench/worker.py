"""What runs without a request: cases screened a second, and the whole path from submissions to decisions."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx2

from bench.durable import Submissions, starts
from bench.figures import Figures
from bench.institutions import Institutions
from bench.processes import BenchError
from bench.progress import progress
from bench.screening import screening_rate
from bench.seeding import seed_customers
from bench.servers import Service

ROUNDS = 3
CASES = 5_000
SECONDS = 4
CUSTOMERS = 200_000
BODY = '{"qualification":"Education","educationSegment":"HigherEducation"}'
_PATIENCE_SECONDS = 120
_LOOK_SECONDS = 0.1


def measure(folder: Path) -> Figures:
    """Return both rates."""
    progress("The worker alone ...")
    rates = screening_rate(f"sqlite:///{folder / 'screening.db'}", CASES, ROUNDS)
    progress("From submissions to decisions ...")
    seed_customers(folder / "data", CUSTOMERS, Institutions().customer)
    with Service(folder / "data", "auto") as service:
        begins = starts()
        rounds = [_whole_path(service, begins) for _ in range(ROUNDS)]
        machine = 1 - _decisions(service, "reviewing") / _decisions(service)
    return {
        "cases screened by the worker alone": {"per s": median(rates), "slowest round": min(rates)},
        "submissions at 64 connections to decisions on disk": {
            "decided per s": median(decided for decided, _ in rounds),
            "acknowledged per s meanwhile": median(acknowledged for _, acknowledged in rounds),
            "share that needs no person": machine,
        },
    }


def _whole_path(service: Service, begins: Iterator[int]) -> tuple[float, float]:
    """Submit for a while, wait until all is decided, and count from the first submission to the last decision."""
    before, begun = _decisions(service), time.perf_counter()
    acknowledged = Submissions(service, SECONDS, begins, BODY).run()
    while _waiting(service):
        if time.perf_counter() - begun > _PATIENCE_SECONDS:
            raise BenchError(f"the worker was not done after {_PATIENCE_SECONDS} s")
        time.sleep(_LOOK_SECONDS)
    return (_decisions(service) - before) / (time.perf_counter() - begun), acknowledged


def _decisions(service: Service, stage: str = ".*") -> float:
    return _sum(rf'^vetline_decisions_total\{{stage="{stage}"\}} (\S+)$', service)


def _waiting(service: Service) -> float:
    return _sum(r'^vetline_cases_waiting\{for="screening"\} (\S+)$', service)


def _sum(metric: str, service: Service) -> float:
    text = httpx2.get(f"{service.base}/metrics", timeout=30).text
    return sum(float(found) for found in re.findall(metric, text, re.MULTILINE))
