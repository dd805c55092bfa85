"""The worker's loop: woken by the bell, undeterred by failures, ended between batches."""

import asyncio
from collections.abc import Callable
from functools import partial

from structlog.testing import capture_logs

from vetline.store.port import UnavailableError
from vetline.worker.loop import Worker


class Steps:
    """A duty that does what it is told to, one step a turn.

    Parameters:
        steps: each a result, or an exception to raise; after the last one there is nothing to do.
    """

    def __init__(self, *steps: bool | Exception) -> None:
        self.interval_seconds = 3_600.0
        self.done = 0
        self.idle = asyncio.Event()
        self._steps = list(steps)

    async def run_once(self) -> bool:
        """Do the next step."""
        if not self._steps:
            self.idle.set()
            return False
        self.done += 1
        step = self._steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


async def _stopped(worker: Worker, running: "asyncio.Task[None]") -> None:
    worker.stop()
    await asyncio.wait_for(running, 5)


async def test_duty_runs_on_while_there_is_more() -> None:
    """Batch after batch without waiting for the interval."""
    duty = Steps(True, True, True)
    worker = Worker([duty])
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(duty.idle.wait(), 5)
    assert duty.done == 3
    await _stopped(worker, running)


async def test_failing_duty_is_logged_and_tried_again() -> None:
    """A failure ends neither the loop nor the other duties, and the log says which duty and why."""
    failing, other = Steps(RuntimeError("disk on fire"), False), Steps(True, True)
    worker = Worker([failing, other])
    with capture_logs() as logs:
        running = asyncio.create_task(worker.run())
        await asyncio.wait_for(other.idle.wait(), 5)
        assert (failing.done, other.done) == (1, 2)
        worker.ring()
        worker.ring()
        await _until(lambda: failing.done == 2)
        await _stopped(worker, running)
    (entry,) = logs
    assert (entry["event"], entry["duty"], entry["log_level"]) == ("duty failed", "Steps", "error")


def _is_done(duty: Steps, times: int) -> bool:
    return duty.done == times


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for is the loop itself
            await asyncio.sleep(0)


async def test_bell_wakes_a_sleeping_duty() -> None:
    """What becomes due is done at once, not at the next interval."""
    duty = Steps(False, False)
    worker = Worker([duty])
    running = asyncio.create_task(worker.run())
    await _until(lambda: duty.done == 1)
    worker.ring()
    await _until(lambda: duty.done == 2)
    await _stopped(worker, running)


async def test_bell_hurries_no_timed_duty() -> None:
    """It rings for each request, and housekeeping for each of them would be all that is done; the end wakes it."""
    timed, rung = Steps(False, False), Steps(False, False, False)
    worker = Worker([rung], [timed])
    running = asyncio.create_task(worker.run())
    await _until(lambda: (timed.done, rung.done) == (1, 1))
    for done in (2, 3):
        worker.ring()
        await _until(partial(_is_done, rung, done))
    assert timed.done == 1
    await _stopped(worker, running)


class Slow:
    """A duty whose one batch takes until it is let go."""

    interval_seconds = 3_600.0

    def __init__(self) -> None:
        self.begun, self.go, self.ended = asyncio.Event(), asyncio.Event(), False
        self._together, self.most_together = 0, 0

    async def run_once(self) -> bool:
        """Do the batch."""
        self._together += 1
        self.most_together = max(self._together, self.most_together)
        self.begun.set()
        await self.go.wait()
        self._together -= 1
        self.ended = True
        return False


async def test_stop_waits_for_the_batch_at_hand() -> None:
    """What was begun is finished before the end."""
    duty = Slow()
    worker = Worker([duty])
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(duty.begun.wait(), 5)
    worker.stop()
    assert not running.done()
    duty.go.set()
    await asyncio.wait_for(running, 5)
    assert duty.ended


async def test_until_idle_waits_for_the_batch_at_hand() -> None:
    """Nothing is idle while a batch is being done elsewhere, and no duty runs twice at the same time."""
    duty = Slow()
    worker = Worker([duty])
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(duty.begun.wait(), 5)
    idle = asyncio.create_task(worker.run_until_idle())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not idle.done()
    duty.go.set()
    await asyncio.wait_for(idle, 5)
    assert duty.most_together == 1
    await _stopped(worker, running)


async def test_at_rest_means_that_no_duty_runs() -> None:
    """The batch at hand is waited for, and the next one does not begin inside."""
    duty = Slow()
    worker = Worker([duty])
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(duty.begun.wait(), 5)
    duty.go.set()
    async with worker.at_rest():
        assert duty.ended
        duty.begun.clear()
        worker.ring()
        for _ in range(10):
            await asyncio.sleep(0)
        assert not duty.begun.is_set()
    await asyncio.wait_for(duty.begun.wait(), 5)
    await _stopped(worker, running)


async def test_what_is_left_for_afterwards_goes_on_while_nobody_waits() -> None:
    """The rest is done without it, and the end waits for the batch at hand."""
    first, afterwards = Steps(True, False), Slow()
    worker = Worker([first], [], [afterwards])
    await worker.run_until_idle(afterwards=False)
    assert (first.done, afterwards.begun.is_set()) == (2, False)
    going_on = worker.begin_afterwards()
    await asyncio.wait_for(afterwards.begun.wait(), 5)
    running = asyncio.create_task(worker.run())
    worker.stop()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not running.done()
    afterwards.go.set()
    await asyncio.wait_for(running, 5)
    assert (going_on.done(), afterwards.most_together) == (True, 1)


async def test_what_goes_on_ends_with_a_run_that_is_given_up() -> None:
    worker = Worker([], [], [afterwards := Slow()])
    going_on = worker.begin_afterwards()
    await asyncio.wait_for(afterwards.begun.wait(), 5)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running, going_on], timeout=5)
    assert going_on.cancelled()


async def test_store_that_is_away_is_one_line_and_its_return_another() -> None:
    """However many turns are in vain meanwhile."""
    duty = Steps(*[UnavailableError("it is away")] * 3, False)
    worker = Worker([duty])
    with capture_logs() as logs:
        for _ in range(4):
            await worker._try(duty)
    assert [line["event"] for line in logs] == ["duty waits for the store", "duty goes on"]
    assert logs[0]["reason"] == "it is away"
