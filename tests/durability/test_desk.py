"""The reviewers' desk in several processes, and in one that is killed: nothing is lost, and nothing is done twice."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.records import A, at, customer, moved, referred, save, submitted, then, with_customers
from tests.support.postgres import PostgresServer
from vetline.clock import SystemClock
from vetline.desk.settling import LEASE, Settling
from vetline.store.port import Store
from vetline.vetting.commands import Approve
from vetline.vetting.words import Programme, Stage
from vetline.wiring import open_store

NUMBERS = range(400)
LONG_AGO = datetime(2026, 3, 2, tzinfo=UTC)


class Later:
    """The time when what a killed worker had in hand is anybody's again."""

    def now(self) -> datetime:
        """Return it."""
        return SystemClock().now() + LEASE


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path: Path) -> str:
    """A fresh database."""
    return f"sqlite:///{tmp_path / 'vetline.db'}" if request.param == "sqlite" else postgres.fresh()


@contextmanager
def _process(url: str, deed: str, name: str = "") -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.support.desk_process", url, deed, name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


def _begin(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("begin\n")
    process.stdin.flush()


async def _waiting(store: Store, *, decided: bool) -> None:
    """Put cases into the queue, with a decision that is due where that is asked for."""
    await with_customers(store, *(customer(number) for number in NUMBERS))
    firsts = [submitted(customer(number), moment=at(number)) for number in NUMBERS]
    steps = [firsts, [referred(first.case) for first in firsts]]
    if decided:
        steps.append([then(one.case, Approve("reviewer:rae", settle_at=LONG_AGO), at(999)) for one in steps[-1]])
    await save(store, *(effect for step in steps for effect in moved(*step)))


async def test_killed_worker_leaves_what_it_did_not_carry_out_to_others(url: str) -> None:
    """Each decision takes effect exactly once: the killed one's, and those that are left when its lease has ended."""
    store = await open_store(url)
    await _waiting(store, decided=True)
    with _process(url, "settle") as worker:
        _begin(worker)
        assert worker.stdout is not None
        for _ in range(5):
            assert worker.stdout.readline() == "settled\n"
        worker.kill()
        worker.wait()
    settling = Settling(store, Later())
    left, _ = await settling.settle(len(NUMBERS))
    assert 0 < left < len(NUMBERS)
    await _each_was_carried_out_once(store)
    await store.close()


async def test_two_workers_carry_each_decision_out_once(url: str) -> None:
    """Side by side in two processes, over the same decisions."""
    store = await open_store(url)
    await _waiting(store, decided=True)
    with ExitStack() as stack:
        workers = [stack.enter_context(_process(url, "settle")) for _ in range(2)]
        for worker in workers:
            _begin(worker)
        for worker in workers:
            worker.communicate(timeout=60)
            assert worker.returncode == 0
    await _each_was_carried_out_once(store)
    await store.close()


async def test_two_processes_never_give_the_same_case(url: str) -> None:
    """Each with many reviewers at once; all cases are given, each once."""
    store = await open_store(url)
    await _waiting(store, decided=False)
    with ExitStack() as stack:
        desks = [stack.enter_context(_process(url, "take", f"reviewer:{name}")) for name in "ab"]
        for desk in desks:
            _begin(desk)
        given = [desk.communicate(timeout=60)[0].split() for desk in desks]
    everything = [customer for one in given for customer in one]
    assert len(everything) == len(set(everything)) == len(NUMBERS)
    assert [await store.assigned(f"reviewer:{name}") for name in "ab"] == [len(one) for one in given]
    await store.close()


async def _each_was_carried_out_once(store: Store) -> None:
    for number in NUMBERS:
        case = await store.case(A, customer(number).id, Programme.EDUCATION)
        assert case is not None
        assert (case.stage, case.version) == (Stage.APPROVED, 4)
        assert len(await store.history(case)) == 4
