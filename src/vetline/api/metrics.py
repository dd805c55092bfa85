"""What is counted, for /metrics.

Requests are counted in plain dictionaries, because one event loop counts them and a locked counter costs as much as
the row that a request reads; they become Prometheus' metrics when somebody looks.

Where several processes share an address, any of them shows what all have counted, each process' series under a label of
its own. A sum would lie: when one of them starts again the sum falls, which a reader takes for everything counted anew.
Source: https://prometheus.io/docs/concepts/metric_types/#counter
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

# Anybody may invent methods, and a series once counted is kept for ever: all others are one.
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LABELS = [*map(str, _BOUNDS), "+Inf"]

# The name of the only process there is: its series need no label.
ALONE = ""


class Counted(msgspec.Struct, frozen=True):
    """What one process has counted so far, as it can be handed to another.

    Parameters:
        requests: method, route, status, and how many.
        times: method, route, seconds in all, and how many fell between each two bounds.
        decisions: how many cases the screening moved to each stage.
        held: how many answers are held back now.
    """

    requests: list[tuple[str, str, int, int]]
    times: list[tuple[str, str, float, list[int]]]
    decisions: dict[str, int]
    held: int


class Metrics:
    """One service's counters: two services in one process do not mix."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: dict[tuple[str, str], float] = {}
        self._decisions: Counter[str] = Counter()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        if method not in _METHODS:
            method = "other"
        request, name = (method, route, status), (method, route)
        self._requests[request] = self._requests.get(request, 0) + 1
        if name not in self._buckets:
            self._buckets[name], self._seconds[name] = [0] * len(_LABELS), 0.0
        self._buckets[name][bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[name] += seconds

    def decided(self, stage: str) -> None:
        """Count one case that the screening moved."""
        self._decisions[stage] += 1

    def counted(self, held: int = 0) -> Counted:
        """Return what was counted so far.

        Parameters:
            held: how many answers are held back now.
        """
        requests = [(*name, count) for name, count in self._requests.items()]
        times = [(*name, self._seconds[name], list(buckets)) for name, buckets in self._buckets.items()]
        return Counted(requests, times, dict(self._decisions), held)


def exposition(counted: Mapping[str, Counted], waiting: tuple[int, int] | None) -> bytes:
    """Return what processes have counted in Prometheus' text format.

    Parameters:
        counted: by the name of the process; `ALONE` for the only one.
        waiting: how many cases wait for the screening and for a person; `None` when nobody knows.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Shown(counted, waiting))
    return generate_latest(registry)


class _Shown(Collector):
    def __init__(self, counted: Mapping[str, Counted], waiting: tuple[int, int] | None) -> None:
        self._counted = counted
        self._waiting = waiting
        self._more = [] if ALONE in counted else ["process"]

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        yield self._requests()
        yield self._seconds()
        yield self._decisions()
        if self._waiting is not None:
            yield _cases_waiting(self._waiting)
        yield self._held()

    def _each(self) -> Iterator[tuple[list[str], Counted]]:
        """Yield the value of the label by which processes are told apart, if any, and what each has counted."""
        for name, counted in self._counted.items():
            yield [name] if self._more else [], counted

    def _requests(self) -> Metric:
        labels = ["method", "route", "status", *self._more]
        found = CounterMetricFamily("vetline_requests", "Requests answered.", labels=labels)
        for process, counted in self._each():
            for method, route, status, count in counted.requests:
                found.add_metric([method, route, str(status), *process], count)
        return found

    def _seconds(self) -> Metric:
        labels = ["method", "route", *self._more]
        found = HistogramMetricFamily("vetline_request_seconds", "Time to answer.", labels=labels)
        for process, counted in self._each():
            for method, route, seconds, buckets in counted.times:
                counts = list(zip(_LABELS, accumulate(buckets), strict=True))
                found.add_metric([method, route, *process], counts, seconds)
        return found

    def _decisions(self) -> Metric:
        labels = ["stage", *self._more]
        found = CounterMetricFamily("vetline_decisions", "Cases that the screening moved.", labels=labels)
        for process, counted in self._each():
            for stage, count in counted.decisions.items():
                found.add_metric([stage, *process], count)
        return found

    def _held(self) -> Metric:
        found = GaugeMetricFamily("vetline_requests_held", "Requests that wait for a decision.", labels=self._more)
        for process, counted in self._each():
            found.add_metric(process, counted.held)
        return found


def _cases_waiting(waiting: tuple[int, int]) -> Metric:
    """All processes look at the same cases."""
    found = GaugeMetricFamily("vetline_cases_waiting", "Cases in review.", labels=["for"])
    for what, count in zip(("screening", "person"), waiting, strict=True):
        found.add_metric([what], count)
    return found
