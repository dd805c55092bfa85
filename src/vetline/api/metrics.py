"""What is counted, for /metrics.

Requests are counted in plain dictionaries, because one event loop counts them and a locked counter costs as much as
the row that a request reads; they become Prometheus' metrics when somebody looks.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

# Anybody may invent methods, and a series once counted is kept for ever: all others are one.
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LABELS = [*map(str, _BOUNDS), "+Inf"]


class Metrics(Collector):
    """The service's counters, in a registry of their own: two services in one process do not mix."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: dict[tuple[str, str], float] = {}
        self._decisions: Counter[str] = Counter()
        self._waiting = (0, 0)
        self._held = 0
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        method = method if method in _METHODS else "other"
        self._requests[method, route, status] += 1
        name = (method, route)
        buckets = self._buckets.get(name)
        if buckets is None:
            buckets = self._buckets[name] = [0] * len(_LABELS)
        buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[name] = self._seconds.get(name, 0.0) + seconds

    def decided(self, stage: str) -> None:
        """Count one case that the screening moved."""
        self._decisions[stage] += 1

    def waiting(self, screening: int, person: int) -> None:
        """Say how many cases wait now."""
        self._waiting = (screening, person)

    def holding(self, requests: int) -> None:
        """Say how many answers are held back now."""
        self._held = requests

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted so far."""
        requests = CounterMetricFamily("vetline_requests", "Requests answered.", labels=["method", "route", "status"])
        for (method, route, status), count in self._requests.items():
            requests.add_metric([method, route, str(status)], count)
        yield requests
        seconds = HistogramMetricFamily("vetline_request_seconds", "Time to answer.", labels=["method", "route"])
        for name, buckets in self._buckets.items():
            counts = list(zip(_LABELS, accumulate(buckets), strict=True))
            seconds.add_metric(list(name), counts, self._seconds[name])
        yield seconds
        yield from self._cases()

    def _cases(self) -> Iterator[Metric]:
        decisions = CounterMetricFamily("vetline_decisions", "Cases that the screening moved.", labels=["stage"])
        for stage, count in self._decisions.items():
            decisions.add_metric([stage], count)
        yield decisions
        waiting = GaugeMetricFamily("vetline_cases_waiting", "Cases in review.", labels=["for"])
        for what, count in zip(("screening", "person"), self._waiting, strict=True):
            waiting.add_metric([what], count)
        yield waiting
        yield GaugeMetricFamily("vetline_requests_held", "Requests that wait for a decision.", value=self._held)
