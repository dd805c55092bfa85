"""Processes die: one that serves is started again, and none outlives the parent."""

import time

import httpx2

from tests.supervision.conftest import Serve
from tests.supervision.together import Together, lives, until
from vetline.hosting import STOP_SECONDS
from vetline.supervision.lives import PAUSES
from vetline.supervision.supervisor import CLOSE_SECONDS

IN_TIME = 10.0
# What a busy machine takes longer.
BUSY_SECONDS = 3.0


def _until_again(service: Together, name: str, pid: int) -> None:
    until(lambda: service.pids[name] != pid, f"process {name} is not started again: {service.log()}")


def test_killed_process_is_started_again(serve: Serve) -> None:
    """The others go on without a refused connection, and what was acknowledged is there."""
    service = serve()
    customer = service.customer()
    pid = service.kill_one()
    until(lambda: '"a process died"' in service.log(), "it lives")
    for _ in range(100):
        assert service.afresh(customer).status_code == 200
    _until_again(service, "0", pid)
    assert set(service.counted()) <= {"0", "1"}
    assert service.stop() == 0


def test_killed_parent_leaves_nobody(serve: Serve) -> None:
    """Without a parent nobody could end them, so they end by themselves, and the port is free again."""
    service = serve(workers="3", drain_seconds="60")
    pids = list(service.pids.values())
    assert all(map(lives, pids))
    service.kill()
    until(lambda: not any(map(lives, pids)), "some outlive the parent", IN_TIME)


def test_one_that_dies_again_and_again_is_given_up(serve: Serve) -> None:
    """After some starts that were in vain it says so, ends everything, and exits with 1."""
    service = serve()
    others = service.pids["1"]
    for _ in PAUSES:
        _until_again(service, "0", service.kill_one())
    service.kill_one()
    until(lambda: service.process.poll() is not None, "it goes on")
    assert service.stop() == 1
    assert "vetline: A process that serves dies as soon as it is started" in service.log()
    assert "exit code -9" in service.log()
    assert not lives(others)


def test_one_that_hangs_does_not_hold_the_end_up(serve: Serve) -> None:
    """It is killed when the time that all share is over."""
    service = serve()
    pid = service.freeze_one()
    begun = time.monotonic()
    assert service.stop(3 * IN_TIME) == 0
    assert time.monotonic() - begun < STOP_SECONDS + CLOSE_SECONDS + BUSY_SECONDS
    assert not lives(pid)
    assert '"gave up waiting"' in service.log()


def test_impatience_is_passed_on(serve: Serve) -> None:
    """While they drain they answer; told to end once more, they do so at once."""
    service = serve(drain_seconds="60")
    customer = service.customer()
    service.process.terminate()
    until(lambda: service.log().count('"drain_seconds":60') == 2, "they do not drain")
    assert service.http.get("/readyz", headers={"Connection": "close"}).json() == {"status": "stopping"}
    assert service.http.get("/healthz").status_code == 200
    assert service.afresh(customer).status_code == 200
    assert service.stop(IN_TIME) == 0


def test_end_while_one_is_being_started(serve: Serve) -> None:
    """A process that is not there yet is no reason to stay."""
    service = serve()
    pid = service.kill_one()
    until(lambda: not lives(pid), "it lives")
    assert service.stop(IN_TIME) == 0
    with httpx2.Client() as client:
        try:
            client.get(service.base)
        except httpx2.ConnectError:
            return
    raise AssertionError("somebody still listens")
