"""What is counted, for /metrics.

Requests are counted in plain dictionaries, because one event loop counts them and a locked counter costs as much as
the row that a request reads; they become Prometheus' metrics when somebody looks.
"""

from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

import msgspec

from vetline.store.webhooks import DeliveryState

# Anybody may invent methods, and a series once counted is kept for ever: all others are one.
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

# Attempts by what came of them: the delivery arrived, is tried again, or is given up.
_ATTEMPTS = {
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.WAITING: "failed",
    DeliveryState.PARKED: "parked",
}

# The name of the only process there is: its series need no label.
ALONE = ""


class Counted(msgspec.Struct, frozen=True):
    """What one process has counted so far, as it can be handed to another.

    Parameters:
        requests: method, route, status, and how many.
        times: method, route, seconds in all, and how many fell between each two bounds.
        decisions: how many cases the screening moved to each stage.
        attempts: how many attempts to deliver a webhook ended in each way.
        held: how many answers are held back now.
    """

    requests: list[tuple[str, str, int, int]]
    times: list[tuple[str, str, float, list[int]]]
    decisions: dict[str, int]
    attempts: dict[str, int]
    held: int


class Waiting(NamedTuple):
    """What waits in the store, which is the same for all processes.

    Parameters:
        screening, person: how many cases wait for each.
        webhooks: how many deliveries are on their way.
    """

    screening: int
    person: int
    webhooks: int


class Metrics:
    """One service's counters: two services in one process do not mix."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: dict[tuple[str, str], float] = {}
        self._decisions: Counter[str] = Counter()
        self._attempts: Counter[str] = Counter()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        if method not in _METHODS:
            method = "other"
        request, name = (method, route, status), (method, route)
        self._requests[request] = self._requests.get(request, 0) + 1
        if name not in self._buckets:
            self._buckets[name], self._seconds[name] = [0] * (len(BOUNDS) + 1), 0.0
        self._buckets[name][bisect_left(BOUNDS, seconds)] += 1
        self._seconds[name] += seconds

    def decided(self, stage: str) -> None:
        """Count one case that the screening moved."""
        self._decisions[stage] += 1

    def attempted(self, state: DeliveryState) -> None:
        """Count one attempt to deliver a webhook, by where its delivery is then."""
        self._attempts[_ATTEMPTS[state]] += 1

    def counted(self, held: int = 0) -> Counted:
        """Return what was counted so far.

        Parameters:
            held: how many answers are held back now.
        """
        requests = [(*name, count) for name, count in self._requests.items()]
        times = [(*name, self._seconds[name], list(buckets)) for name, buckets in self._buckets.items()]
        return Counted(requests, times, dict(self._decisions), dict(self._attempts), held)
