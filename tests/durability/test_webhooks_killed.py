"""kill -9 in the middle of deliveries: each event arrives at least once, none is lost and none is invented."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from bench.seeding import add_customers, customer_id

from tests.support.answering import Answering, Asked, Said
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox

CUSTOMERS = 60
KILLS = 4
PATIENCE_SECONDS = 60.0
# A claim of a worker that was killed counts for so long; a sandbox's clock lets that pass at once.
LEASE_SECONDS = 61


class Receiver(Answering):
    """Takes events, each after a moment, and counts them by customer."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        super().__init__(self._take)

    def _take(self, asked: Asked) -> Said:
        event = json.loads(asked.body)
        with self._lock:
            self.seen[event["ResourceUri"].split("/")[-2]] += 1
        time.sleep(0.01)  # a receiver works too: the kill shall come while the worker waits for it
        return Said(200)

    def until(self, number: int) -> None:
        """Return when events of so many customers have arrived."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.seen) < number:
            assert time.monotonic() < deadline, self.seen
            time.sleep(0.005)


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_each_event_arrives_whoever_is_killed(store: str, tmp_path: Path, postgres: PostgresServer) -> None:
    """At several moments of the deliveries; another process takes over what the dead one had claimed."""
    url = postgres.fresh() if store == "postgres" else f"sqlite:///{tmp_path / 'vetline.db'}"
    add_customers(url, 0, CUSTOMERS)
    options = ("--data", str(tmp_path / "data"), "--database-url", url, "--log-level", "error")
    with Receiver() as receiver:
        with Sandbox(*options) as sandbox:
            _tell(sandbox, receiver.base)
            sandbox.kill()
        for number in range(1, KILLS + 1):
            with Sandbox(*options) as sandbox, _time_passing(sandbox):
                receiver.until(number * CUSTOMERS // (KILLS + 2))
                sandbox.kill()
        with Sandbox(*options) as sandbox:
            _until_nothing_waits(sandbox)
            found = sandbox.http.get("/sandbox/webhooks/deliveries").json()["items"]
        doubled = receiver.seen.total() - CUSTOMERS
        print(f"\n{store}: {CUSTOMERS} events, {KILLS} kills, {doubled} sent once more")  # noqa: T201
        expected = Counter(customer_id(number) for number in range(CUSTOMERS))
        assert receiver.seen.keys() == expected.keys()
        assert Counter(one["customerId"] for one in found) == expected
        assert {one["state"] for one in found} == {"delivered"}


def _tell(sandbox: Sandbox, url: str) -> None:
    """Have as many events as there are customers."""
    body = {"WebhookUrl": url, "WebhookEvents": ["customer-qualification-updated"]}
    sandbox.call("POST", "/webhooks/v1/registration", json=body).raise_for_status()
    for number in range(CUSTOMERS):
        path = f"/v1/customers/{customer_id(number)}/qualifications"
        sandbox.call("POST", path, json="StateOwnedEntity").raise_for_status()


@contextmanager
def _time_passing(sandbox: Sandbox) -> Iterator[None]:
    """Let the claims of whoever was killed end: the answer would come when all that is due then is delivered."""
    passing = threading.Thread(target=_pass, args=(sandbox,))
    passing.start()
    yield
    passing.join()


def _pass(sandbox: Sandbox) -> None:
    with httpx2.Client(base_url=sandbox.base, timeout=PATIENCE_SECONDS) as http, suppress(httpx2.HTTPError):
        http.post("/sandbox/clock", json={"advanceSeconds": LEASE_SECONDS})


def _until_nothing_waits(sandbox: Sandbox) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sandbox.http.get("/sandbox/webhooks/deliveries", params={"state": "waiting"}).json()["items"]:
        assert time.monotonic() < deadline
        _pass(sandbox)
