"""The parent: it keeps the address, starts the processes, starts again those that die, and ends them all together.

It serves nothing, so nothing that a request does can take it down.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from vetline.api.metrics import Counted
from vetline.ending import Ending
from vetline.hosting import STOP_SECONDS, reserved, url_of
from vetline.logs import get_logger
from vetline.production import check
from vetline.settings import Settings
from vetline.supervision.lives import Lives
from vetline.supervision.process import Process, started
from vetline.supervision.serving import STORE_AWAY

# A process that does not answer by then hangs.
START_SECONDS = 60.0
# What a process needs beside its own limit to end: closing the database, and being seen to have ended.
CLOSE_SECONDS = 1.0
# A process that finds no store is tried again as long as it takes: the others wait for the same store.
AWAY_SECONDS = 2.0

_HOPELESS = (
    "A process that serves dies as soon as it is started, the last time with exit code {}. "
    "What it logged before its end says why."
)

log = get_logger("vetline.supervision")


class HopelessError(Exception):
    """The processes die as soon as they are started; the sentence says what to do."""


async def supervise(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve with several processes until SIGTERM or SIGINT.

    Parameters:
        ready: told the address when all of them answer.

    Raises:
        SettingsError, StoreError: it cannot start; the sentence says what to change.
        HopelessError: a process dies again and again.
    """
    with reserved(settings.host, settings.port) as port:
        await check(settings)
        address = url_of(settings.host, port)
        await Supervisor(settings, port, lambda: ready(address)).run()


class Supervisor:
    """Keeps so many processes as the settings say.

    Parameters:
        settings: what they serve.
        port: where; not 0.
        ready: called once, when all of them answer.
    """

    def __init__(self, settings: Settings, port: int, ready: Callable[[], None]) -> None:
        self._settings = settings
        self._port = port
        self._ready = ready
        self._ending = Ending()
        self._stopping = asyncio.Event()
        self._processes: dict[str, Process] = {}
        self._answered: set[str] = set()

    async def run(self) -> None:
        """Serve until told to end.

        Raises:
            HopelessError: see there.
        """
        self._ending.by_signals()
        keeping = [asyncio.create_task(self._keep(str(number))) for number in range(self._settings.workers)]
        asked = asyncio.create_task(self._ending.asked())
        await asyncio.wait([asked, *keeping], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        await self._stop(keeping)
        for task in keeping:
            task.result()

    async def everybody(self) -> Mapping[str, Counted]:
        """Return what every process that answers has counted."""
        processes = [process for process in self._processes.values() if process.ready.is_set()]
        counted = await asyncio.gather(*(process.counted() for process in processes))
        return {process.name: found for process, found in zip(processes, counted, strict=True) if found is not None}

    async def _keep(self, name: str) -> None:
        """Start a process, and again when it has died, until that is hopeless or the end has come."""
        lives, clock = Lives(), asyncio.get_running_loop().time
        while not self._stopping.is_set():
            begun = clock()
            code = await self._live(name)
            if self._stopping.is_set():
                return
            pause = AWAY_SECONDS if code == STORE_AWAY else lives.pause_after(clock() - begun)
            log.error("a process died", which=name, exit_code=code, again_in=pause)
            if pause is None:
                raise HopelessError(_HOPELESS.format(code))
            await self._pause(pause)

    async def _live(self, name: str) -> int:
        """Start a process, and return its exit code when it has ended; one that never answers is ended."""
        process = self._processes[name] = await started(name, self._port, self._settings, self.everybody)
        if self._stopping.is_set():
            process.stop()
        answering = asyncio.create_task(self._answers(process))
        try:
            return await process.ended()
        finally:
            answering.cancel()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _answers(self, process: Process) -> None:
        """Note when a process answers, or kill it when it does not."""
        try:
            async with asyncio.timeout(START_SECONDS):
                await process.ready.wait()
        except TimeoutError:
            log.error("a process does not answer", which=process.name)
            process.kill()
            return
        log.info("a process answers", which=process.name, pid=process.pid)
        before, self._answered = len(self._answered), self._answered | {process.name}
        if before < len(self._answered) == self._settings.workers:
            self._ready()

    async def _stop(self, keeping: "list[asyncio.Task[None]]") -> None:
        """Ask all processes to end, and kill those that do not within the time that is shared by all."""
        log.info("stopping")
        self._stopping.set()
        self._ask_all()
        hurrying = asyncio.create_task(self._hurry())
        seconds = self._settings.drain_seconds + STOP_SECONDS + CLOSE_SECONDS
        _, hanging = await asyncio.wait(keeping, timeout=seconds)
        if hanging:
            log.error("gave up waiting", processes=len(hanging))
            for process in self._processes.values():
                process.kill()
            await asyncio.wait(hanging)
        hurrying.cancel()
        log.info("stopped")

    def _ask_all(self) -> None:
        for process in self._processes.values():
            process.stop()

    async def _hurry(self) -> None:
        """Who is impatient with us is so with all."""
        await self._ending.hurried()
        self._ask_all()
