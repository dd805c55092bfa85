"""What is counted, in Prometheus' text format.

Where several processes share an address, any of them shows what all have counted, each process' series under a label of
its own. A sum would lie: when one of them starts again the sum falls, which a reader takes for everything counted anew.
Source: https://prometheus.io/docs/concepts/metric_types/#counter
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from vetline.api.metrics import ALONE, BOUNDS, Counted, Waiting

_LABELS = [*map(str, BOUNDS), "+Inf"]


def exposition(counted: Mapping[str, Counted], waiting: Waiting | None) -> bytes:
    """Return what processes have counted in Prometheus' text format.

    Parameters:
        counted: by the name of the process; `ALONE` for the only one.
        waiting: what waits; `None` when nobody knows.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Shown(counted, waiting))
    return generate_latest(registry)


class _Shown(Collector):
    def __init__(self, counted: Mapping[str, Counted], waiting: Waiting | None) -> None:
        self._counted = counted
        self._waiting = waiting
        self._more = [] if ALONE in counted else ["process"]

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        yield self._requests()
        yield self._seconds()
        yield self._decisions()
        yield self._attempts()
        if self._waiting is not None:
            yield _cases_waiting(self._waiting)
            yield _webhooks_waiting(self._waiting)
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

    def _attempts(self) -> Metric:
        labels = ["outcome", *self._more]
        found = CounterMetricFamily("vetline_webhook_attempts", "Attempts to deliver a webhook.", labels=labels)
        for process, counted in self._each():
            for outcome, count in counted.attempts.items():
                found.add_metric([outcome, *process], count)
        return found

    def _held(self) -> Metric:
        found = GaugeMetricFamily("vetline_requests_held", "Requests that wait for a decision.", labels=self._more)
        for process, counted in self._each():
            found.add_metric(process, counted.held)
        return found


def _cases_waiting(waiting: Waiting) -> Metric:
    """All processes look at the same cases."""
    found = GaugeMetricFamily("vetline_cases_waiting", "Cases in review.", labels=["for"])
    for what, count in (("screening", waiting.screening), ("person", waiting.person)):
        found.add_metric([what], count)
    return found


def _webhooks_waiting(waiting: Waiting) -> Metric:
    return GaugeMetricFamily("vetline_webhooks_waiting", "Webhooks on their way.", value=waiting.webhooks)
