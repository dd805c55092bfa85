"""What is counted, for /metrics. A registry of its own, so that two services in one process do not mix."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Anybody may invent methods, and a series once counted is kept for ever: all others are one.
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The service's counters."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "vetline_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "vetline_request_seconds", "Time to answer.", ["method", "route"], registry=self.registry, buckets=_BUCKETS
        )
        self._decisions = Counter(
            "vetline_decisions", "Cases that the screening moved.", ["stage"], registry=self.registry
        )
        self._waiting = Gauge("vetline_cases_waiting", "Cases in review.", ["for"], registry=self.registry)
        self._request_children: dict[tuple[str, str, int], Counter] = {}
        self._second_children: dict[tuple[str, str], Histogram] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. Children are kept at hand: looking one up by labels costs as much as a row read."""
        method = method if method in _METHODS else "other"
        counted = self._request_children.get((method, route, status))
        if counted is None:
            counted = self._request_children[method, route, status] = self._requests.labels(method, route, str(status))
        counted.inc()
        timed = self._second_children.get((method, route))
        if timed is None:
            timed = self._second_children[method, route] = self._seconds.labels(method, route)
        timed.observe(seconds)

    def decided(self, stage: str) -> None:
        """Count one case that the screening moved."""
        self._decisions.labels(stage).inc()

    def waiting(self, screening: int, reviewing: int) -> None:
        """Say how many cases wait now."""
        self._waiting.labels("screening").set(screening)
        self._waiting.labels("person").set(reviewing)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
