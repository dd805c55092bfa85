"""Ctrl-C and SIGTERM: what is done is kept, and the command that goes on is printed."""

import shlex
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.cli.bulk.files import OXFORD, TAILSPIN, education, written
from tests.cli.bulk.pushing import ACCEPTED, PushingService, Said
from tests.cli.bulk.running import Bulk, stopped
from tests.cli.running import Home
from tests.support.processes import Sandbox

FOREVER = Said(429, {"statusCode": 429, "message": "Rate limit is exceeded."}, 600)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_the_service_asks_to_wait(tmp_path: Path, number: signal.Signals) -> None:
    """It ends at once, not after the ten minutes that the service named; the printed command completes the run."""
    customers = [f"00000000-0000-4000-8000-{each:012d}" for each in range(100)]
    pushed = threading.Event()

    def plan(count: int, _: str) -> Said:
        if count < 20:
            return ACCEPTED
        pushed.set()
        return FOREVER

    with PushingService(plan) as service:
        home = Home(tmp_path, VETLINE_BASE_URL=service.base, VETLINE_ACCESS_TOKEN="token")
        bulk = Bulk(home, written(tmp_path / "in put.csv", map(education, customers)), ("--concurrency", "1"))
        process = bulk.start()
        assert pushed.wait(30)
        code, _, err = stopped(process, number)
    assert code == 130
    assert bulk.outcomes == ["in_review"] * 20 + ["not_sent"] * 80
    command = shlex.split(err.splitlines()[-1])
    assert command[:3] == ["vetline", "bulk", "submit"]
    with PushingService(lambda _, __: ACCEPTED) as service:
        home.environment["VETLINE_BASE_URL"] = service.base
        home.good(*command[1:])
    assert bulk.outcomes == ["in_review"] * 100
    assert len(service.came) == 80


def test_requests_in_flight_are_finished(tmp_path: Path) -> None:
    """Their answers are kept."""
    held, inside = threading.Event(), threading.Event()

    def plan(_: int, __: str) -> Said:
        inside.set()
        held.wait(10)
        return ACCEPTED

    with PushingService(plan) as service:
        home = Home(tmp_path, VETLINE_BASE_URL=service.base, VETLINE_ACCESS_TOKEN="token")
        bulk = Bulk(
            home, written(tmp_path / "in.csv", [education(OXFORD), education(TAILSPIN)]), ("--concurrency", "1")
        )
        process = bulk.start()
        assert inside.wait(20)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert "in flight" in process.stderr.readline()
        held.set()
        process.communicate(timeout=20)
    assert process.returncode == 130
    assert bulk.outcomes == ["in_review", "not_sent"]


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    """What has no answer then is asked again by the next run."""
    held, inside = threading.Event(), threading.Event()

    def plan(_: int, __: str) -> Said:
        inside.set()
        held.wait(30)
        return ACCEPTED

    with PushingService(plan) as service:
        home = Home(tmp_path, VETLINE_BASE_URL=service.base, VETLINE_ACCESS_TOKEN="token")
        bulk = Bulk(home, written(tmp_path / "in.csv", [education(OXFORD)]))
        process = bulk.start()
        assert inside.wait(20)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert "a second Ctrl-C does not wait" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)  # the service would hold its answer for thirty seconds
        held.set()
    assert process.returncode == 130


def test_interrupted_while_waiting(partner: Home, sandbox: Sandbox) -> None:
    """The decisions so far are in the results, and --wait is part of the command that goes on."""
    bulk = Bulk(partner, written(partner.folder / "in.csv", [education(TAILSPIN), education(OXFORD)]))
    process = bulk.start("--wait")
    while not (bulk.journal.exists() and '"outcome":1' in bulk.journal.read_text("utf-8")):
        assert process.poll() is None
        time.sleep(0.01)
    code, _, err = stopped(process)
    assert code == 130
    assert bulk.outcomes == ["in_review", "approved"]
    assert "--resume --wait" in err
