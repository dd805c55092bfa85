"""One of the processes that serve together, as the parent sees it."""

import asyncio
import contextlib
import itertools
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping

from vetline.api.metrics import Counted
from vetline.settings import Settings
from vetline.supervision.messages import (
    COUNT_SECONDS,
    LINE_LIMIT,
    All,
    Begin,
    Count,
    CountAll,
    Line,
    Mine,
    Ready,
    to_process,
)

Everybody = Callable[[], Awaitable[Mapping[str, Counted]]]


class Process:
    """A process that runs.

    Parameters:
        name: which of them it is.
        running: the operating system's process.
        line: leads to it.
        everybody: returns what all of them have counted.
    """

    def __init__(self, name: str, running: asyncio.subprocess.Process, line: Line, everybody: Everybody) -> None:
        self.name = name
        self.ready = asyncio.Event()
        self._running = running
        self._line = line
        self._everybody = everybody
        self._numbers = itertools.count()
        self._questions: dict[int, asyncio.Future[Counted]] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self._listening = asyncio.create_task(self._listen())

    @property
    def pid(self) -> int:
        """The operating system's number for it."""
        return self._running.pid

    async def ended(self) -> int:
        """Return its exit code when it has ended, however that came; negative for a signal."""
        code = await self._running.wait()
        self._line.close()
        self._listening.cancel()
        for task in self._answering:
            task.cancel()
        return code

    def stop(self) -> None:
        """Ask it to end; asked again, it hurries."""
        with contextlib.suppress(ProcessLookupError):
            self._running.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        with contextlib.suppress(ProcessLookupError):
            self._running.kill()

    async def counted(self) -> Counted | None:
        """Return what it has counted; `None` when it does not say so in time."""
        question = next(self._numbers)
        answer: asyncio.Future[Counted] = asyncio.get_running_loop().create_future()
        self._questions[question] = answer
        try:
            async with asyncio.timeout(COUNT_SECONDS):
                self._line.say(Count(question))
                return await answer
        except TimeoutError:
            return None
        finally:
            del self._questions[question]

    async def _listen(self) -> None:
        while (said := await self._line.heard()) is not None:
            match said:
                case Ready():
                    self.ready.set()
                case Mine(question, counted) if question in self._questions:
                    self._questions[question].set_result(counted)
                case CountAll(question):
                    task = asyncio.create_task(self._tell_all(question))
                    self._answering.add(task)
                    task.add_done_callback(self._answering.discard)

    async def _tell_all(self, question: int) -> None:
        self._line.say(All(question, dict(await self._everybody())))


async def started(name: str, port: int, settings: Settings, everybody: Everybody) -> Process:
    """Start one of the processes.

    Parameters:
        name: which of them it is.
        port: where it listens.
        settings: what it serves; they go over the line, since a command line and an environment are for all to see.
        everybody: returns what all of them have counted.
    """
    ours, its = socket.socketpair()
    with its:
        running = await asyncio.create_subprocess_exec(
            # -P: what lies in the working directory is not a part of the program.
            *(sys.executable, "-P", "-m", "vetline.supervision.serving", str(its.fileno())),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=(its.fileno(),),
            process_group=0,  # Ctrl-C at a terminal is the parent's to pass on
        )
    line = to_process(*await asyncio.open_unix_connection(sock=ours, limit=LINE_LIMIT))
    line.say(Begin(name, port, settings))
    return Process(name, running, line, everybody)
