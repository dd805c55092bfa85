"""No request comes earlier than the service asked for, and a service that is away is not hammered."""

import threading
import time
from collections import Counter
from pathlib import Path

from tests.cli.bulk.files import education, written
from tests.cli.bulk.pushing import ACCEPTED, FAILING, THROTTLED, Plan, PushingService, Said
from tests.cli.bulk.running import Bulk
from tests.cli.running import Done, Home

# A timer may end as much too early as two clocks differ by.
TOLERANCE = 0.02
# What was sent before the service asked to wait is still on its way, on a busy machine for longer.
ON_ITS_WAY = 0.3


def submit(folder: Path, plan: Plan, rows: int, *options: str) -> tuple[PushingService, Bulk, Done]:
    """Run a submission of so many rows against a service with a plan."""
    customers = [f"00000000-0000-4000-8000-{number:012d}" for number in range(rows)]
    with PushingService(plan) as service:
        home = Home(folder, VETLINE_BASE_URL=service.base, VETLINE_ACCESS_TOKEN="token")
        bulk = Bulk(home, written(folder / "in.csv", map(education, customers)))
        return service, bulk, bulk.run(*options)


def too_early(service: PushingService) -> list[float]:
    """Return by how much requests came before the moment that an earlier answer had named."""
    pauses = [(at, at + said.retry_after) for at, said in service.told if said.retry_after is not None]
    return [
        until - came.at
        for came in service.came
        for at, until in pauses
        if at + ON_ITS_WAY < came.at < until - TOLERANCE
    ]


def test_nobody_sends_while_the_service_asks_to_wait(tmp_path: Path) -> None:
    """Neither the row that was pushed back nor any other; and every row is done in the end, once."""
    service, bulk, done = submit(
        tmp_path, lambda number, _: THROTTLED if number % 40 == 25 else ACCEPTED, 120, "--concurrency", "8"
    )
    assert done.returncode == 0, done.stderr
    assert bulk.outcomes == ["in_review"] * 120
    assert too_early(service) == []
    assert sum(said is ACCEPTED for _, said in service.told) == 120


def test_a_pushed_back_row_keeps_its_id(tmp_path: Path) -> None:
    """It is the same request."""
    seen: set[str] = set()

    def first_time(_: int, request_id: str) -> Said:
        try:
            return ACCEPTED if request_id in seen or len(seen) > 2 else THROTTLED
        finally:
            seen.add(request_id)

    service, bulk, _ = submit(tmp_path, first_time, 10, "--concurrency", "1")
    assert len({came.request_id for came in service.came}) == 10
    assert {row["request_id"] for row in bulk.rows} == seen


def test_503_with_retry_after_is_a_push(tmp_path: Path) -> None:
    """It says when to come back, so everybody waits."""
    busy = Said(503, {"code": "900192", "description": "Something went wrong."}, 1)
    service, bulk, _ = submit(tmp_path, lambda number, _: busy if number == 3 else ACCEPTED, 30, "--concurrency", "4")
    assert bulk.outcomes == ["in_review"] * 30
    assert too_early(service) == []


def test_pushes_narrow_the_stream(tmp_path: Path) -> None:
    """The number of requests under way is halved, and grows again by one with each full turn of successes."""
    all_inside = threading.Barrier(16)

    def plan(number: int, _: str) -> Said:
        if number < 16:  # all sixteen are pushed back together, which is one push
            all_inside.wait(10)
            return THROTTLED
        time.sleep(0.03)  # the service's work, so that as many are under way as may be
        return ACCEPTED

    service, bulk, _ = submit(tmp_path, plan, 48)
    assert max(came.together for came in service.came) == 16
    assert 5 <= max(came.together for came in service.came[16:24]) <= 8
    assert max(came.together for came in service.came[16:]) <= 13
    assert bulk.outcomes == ["in_review"] * 48
    assert too_early(service) == []


def test_nobody_waits_for_hours(tmp_path: Path) -> None:
    """The run ends, nothing is lost, and the command that goes on later is printed."""
    hours = Said(429, {"statusCode": 429, "message": "Rate limit is exceeded."}, 7_200)
    _, bulk, done = submit(tmp_path, lambda number, _: hours if number == 5 else ACCEPTED, 20, "--concurrency", "1")
    assert done.returncode == 3
    assert "asks to wait 7,200 seconds" in done.stderr
    assert "--resume" in done.stderr
    assert bulk.outcomes == ["in_review"] * 5 + ["not_sent"] * 15


def test_an_unanswered_row_is_asked_again_and_then_fails(tmp_path: Path) -> None:
    """With the same id each time. The others are done meanwhile."""
    poison: list[str] = []

    def plan(number: int, request_id: str) -> Said:
        if number == 0:
            poison.append(request_id)
        return FAILING if request_id in poison else ACCEPTED

    service, bulk, done = submit(tmp_path, plan, 20, "--concurrency", "2")
    assert done.returncode == 1
    assert Counter(bulk.outcomes) == {"in_review": 19, "failed": 1}
    assert [came.request_id for came in service.came].count(poison[0]) == 6
    failed = next(row for row in bulk.rows if row["outcome"] == "failed")
    assert (failed["request_id"], failed["error_code"]) == (poison[0], "800003")


def test_a_service_that_fails_stops_the_run(tmp_path: Path) -> None:
    """The rest would fail too. What had no answer is resumed under its id: the service may have done it."""
    service, bulk, done = submit(tmp_path, lambda _, __: FAILING, 100, "--concurrency", "1")
    assert done.returncode == 3
    assert "does not answer" in done.stderr
    assert bulk.outcomes == ["failed"] * 2 + ["not_sent"] * 98
    with PushingService(lambda _, __: ACCEPTED) as well:
        bulk.home.environment["VETLINE_BASE_URL"] = well.base
        assert bulk.run("--resume").returncode == 0
    assert {came.request_id for came in service.came} <= {came.request_id for came in well.came}
    assert len(well.came) == 100


def test_a_service_that_is_not_there(tmp_path: Path) -> None:
    """Is asked again for some seconds: it may be restarting."""
    home = Home(tmp_path, VETLINE_BASE_URL="http://127.0.0.1:9", VETLINE_ACCESS_TOKEN="token")
    rows = [education(f"00000000-0000-4000-8000-{number:012d}") for number in range(100)]
    bulk = Bulk(home, written(tmp_path / "in.csv", rows), ("--concurrency", "1", "--max-failures", "1"))
    assert bulk.run().returncode == 3
    assert bulk.outcomes == ["failed"] + ["not_sent"] * 99
    assert "No answer from 127.0.0.1:9" in bulk.rows[0]["error"]
