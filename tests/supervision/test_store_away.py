"""The database goes away for a while: every role waits for it, nothing floods, and it comes back to all by itself."""

import time
from collections import Counter
from collections.abc import Iterator
from json import loads
from pathlib import Path

import pytest

from tests.supervision.together import Together, lives, until
from tests.support.authority import Authority
from tests.support.partner import EDUCATION
from tests.support.postgres import PostgresServer
from vetline.supervision.lives import PAUSES

# More than the supervisor's patience with a process that dies of its own.
STARTS = len(PAUSES) + 2
DEADLINE_SECONDS = 120.0
# What failures leave is garbage that the collector looks for seldom: some 15 MiB, and then no more.
WARM = 200
GROWTH_KIB = 3_000


@pytest.fixture
def database() -> Iterator[PostgresServer]:
    """A server of its own, to be killed."""
    with PostgresServer() as found:
        yield found


@pytest.fixture
def service(authority: Authority, database: PostgresServer) -> Iterator[Together]:
    """Two processes, each with both roles."""
    with Together(authority, database.url(), {"requests_per_minute": "0"}) as found:
        yield found


def _resident(pid: int) -> int:
    """Return how many KiB of memory a process holds."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0])


def test_every_role_waits_and_goes_on(database: PostgresServer, service: Together) -> None:
    """Asked all the time they say no; one that dies meanwhile is started until the database is there; then all work."""
    customer = service.customer(domain="ox.ac.uk")
    for _ in range(50):
        service.afresh(customer)
    database.kill()
    dead = service.kill_one("0")
    until(lambda: '"a process died"' in service.log(), "it lives")
    lines_before, deadline, asked, warm = len(service.log().splitlines()), time.monotonic() + DEADLINE_SECONDS, 0, 0
    while service.log().count('"cannot start"') < STARTS or asked < 2 * WARM:
        assert time.monotonic() < deadline, service.log()
        assert service.afresh(customer).status_code == 503
        assert service.afresh("/readyz").status_code == 503
        metrics = service.afresh("/metrics")
        assert metrics.status_code == 200
        assert "vetline_requests_total" in metrics.text
        asked += 1
        if asked == WARM:
            warm = _resident(service.pids["1"])
    said = [loads(line) for line in service.log().splitlines()[lines_before:]]
    lines = Counter(line["event"] for line in said)
    waiting = [line["duty"] for line in said if line["event"] == "duty waits for the store"]
    growth = _resident(service.pids["1"]) - warm
    print(f"\nasked {asked} times, {growth} KiB more; {dict(lines)}")  # noqa: T201
    assert len(waiting) == len(set(waiting)), "each duty says once that it waits"
    assert lines["news of other processes is interrupted"] <= 1
    assert lines["duty failed"] == 0
    assert growth < GROWTH_KIB
    database.start()
    until(lambda: service.pids["0"] != dead and lives(service.pids["0"]), "it is not started again")
    until(lambda: service.afresh("/readyz").status_code == 200, "it is not ready")
    path = f"{customer}/qualifications"
    assert service.call("POST", path, json=EDUCATION).status_code == 201
    until(lambda: 'vetline_cases_waiting{for="person"} 1.0' in service.afresh("/metrics").text, "nobody screens")
    assert service.stop() == 0
