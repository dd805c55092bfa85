"""Runs duties until told to stop: at once when the bell rings, and from time to time in case it did not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from vetline.logs import get_logger
from vetline.store.port import UnavailableError

log = get_logger("vetline.worker")


class Duty(Protocol):
    """Something to be done again and again."""

    interval_seconds: float

    async def run_once(self) -> bool:
        """Do a batch; return whether more may be waiting."""
        ...


class Worker:
    """Runs duties side by side.

    Parameters:
        duties: what is to be done when the bell rings, and from time to time.
        timed: what is to be done from time to time only; a bell that rings for each request must not hurry it.
        afterwards: the same, of what the others leave to be done.
    """

    def __init__(self, duties: Sequence[Duty], timed: Sequence[Duty] = (), afterwards: Sequence[Duty] = ()) -> None:
        self._duties = [*timed, *duties, *afterwards]
        self._afterwards_from = len(timed) + len(duties)
        self._going_on: set[asyncio.Task[None]] = set()
        self._bells = [asyncio.Event() for _ in self._duties]
        self._turns = [asyncio.Lock() for _ in self._duties]
        self._rung = self._bells[len(timed) : len(timed) + len(duties)]
        self._stopping = False
        self._in_vain: set[Duty] = set()  # those that the store failed at their last turn

    def ring(self) -> None:
        """Something may be due."""
        for bell in self._rung:
            bell.set()

    def stop(self) -> None:
        """End `run` after the batches at hand."""
        self._stopping = True
        for bell in self._bells:
            bell.set()

    async def run(self) -> None:
        """Run until stopped."""
        rows = zip(self._duties, self._bells, self._turns, strict=True)
        try:
            await asyncio.gather(*(self._serve(duty, bell, turn) for duty, bell, turn in rows))
            await asyncio.gather(*self._going_on)
        finally:
            for task in self._going_on:
                task.cancel()

    async def run_until_idle(self, *, afterwards: bool = True) -> None:
        """Do everything that is due now, and return; what `run` has at hand is waited for.

        Parameters:
            afterwards: also what the others leave to be done.
        """
        for place, turn in enumerate(self._turns[: None if afterwards else self._afterwards_from]):
            async with turn:
                while await self._duties[place].run_once():
                    continue

    def begin_afterwards(self) -> "asyncio.Task[None]":
        """Begin to do what is left to be done afterwards, beside `run`, which ends no sooner than it."""
        task = asyncio.create_task(self._do_afterwards())
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        return task

    async def _do_afterwards(self) -> None:
        for place in range(self._afterwards_from, len(self._duties)):
            async with self._turns[place]:
                while not self._stopping and await self._try(self._duties[place]):
                    continue

    @contextlib.asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """Let no duty run inside; the batches at hand are waited for."""
        async with contextlib.AsyncExitStack() as turns:
            for turn in self._turns:
                await turns.enter_async_context(turn)
            yield

    async def _serve(self, duty: Duty, bell: asyncio.Event, turn: asyncio.Lock) -> None:
        while not self._stopping:
            bell.clear()
            async with turn:
                more = await self._try(duty)
            if not more:
                await _rung(bell, duty.interval_seconds)

    async def _try(self, duty: Duty) -> bool:
        """A failing batch is logged and tried again at the next turn; its cases are due again when their lease ends.

        A store that is away stays so for many turns, which is one line and not many.
        """
        try:
            more = await duty.run_once()
        except UnavailableError as error:
            if duty not in self._in_vain:
                log.warning("duty waits for the store", duty=type(duty).__name__, reason=str(error))
            self._in_vain.add(duty)
            return False
        except Exception:
            log.exception("duty failed", duty=type(duty).__name__)
            return False
        if duty in self._in_vain:
            log.info("duty goes on", duty=type(duty).__name__)
            self._in_vain.remove(duty)
        return more


async def _rung(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return
