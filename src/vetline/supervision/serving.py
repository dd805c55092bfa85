"""One of the processes that serve together: `python -m vetline.supervision.serving FD`, started by the parent only.

It ends on SIGTERM, and by itself when the parent has gone.
"""

import asyncio
import contextlib
import itertools
import socket
import sys
from collections.abc import Mapping

import uvloop

from vetline.api.beside import Health
from vetline.api.metrics import Counted
from vetline.ending import Ending
from vetline.hosting import run
from vetline.logs import configure_logs, get_logger
from vetline.production import furnished
from vetline.settings import SettingsError
from vetline.store.port import StoreError, UnavailableError
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
    to_parent,
)

FAILED = 1
# The store is away, which is no fault of this process: sysexits.h has this code for what to try again.
STORE_AWAY = 75
# Another process that hangs is not waited for longer.
ASK_SECONDS = 1.0
# The parent itself waits for the others.
PARENT_SECONDS = COUNT_SECONDS + 1.0

log = get_logger("vetline.supervision")


class Together:
    """This process' part in the conversation with the parent.

    Parameters:
        name: which of the processes it is.
        line: leads to the parent.
        health: knows what was counted here.
        ending: asked when the parent has gone.
    """

    def __init__(self, name: str, line: Line, health: Health, ending: Ending) -> None:
        self._name = name
        self._line = line
        self._health = health
        self._ending = ending
        self._numbers = itertools.count()
        self._questions: dict[int, asyncio.Future[Mapping[str, Counted]]] = {}

    async def everybody(self) -> Mapping[str, Counted]:
        """Return what every process has counted, or this one alone when the parent does not say."""
        question = next(self._numbers)
        answer: asyncio.Future[Mapping[str, Counted]] = asyncio.get_running_loop().create_future()
        self._questions[question] = answer
        try:
            async with asyncio.timeout(PARENT_SECONDS):
                self._line.say(CountAll(question))
                return await answer
        except TimeoutError:
            return {self._name: self._health.counted()}
        finally:
            del self._questions[question]

    async def listen(self) -> None:
        """Answer the parent until it has gone; then nobody can tell this process to end, so it ends by itself."""
        while (said := await self._line.heard()) is not None:
            match said:
                case Count(question):
                    self._line.say(Mine(question, self._health.counted()))
                case All(question, counted) if question in self._questions:
                    self._questions[question].set_result(counted)
        log.warning("the parent has gone")
        self._ending.hurry()


async def _serve(connection: socket.socket) -> None:
    line = to_parent(*await asyncio.open_unix_connection(sock=connection, limit=LINE_LIMIT))
    begin = await line.heard()
    if not isinstance(begin, Begin):
        return
    configure_logs(begin.settings.log_level, process=begin.name)
    try:
        await _serve_together(begin, line)
    finally:
        line.close()


async def _serve_together(begin: Begin, line: Line) -> None:
    settings, ending = begin.settings, Ending()
    async with furnished(settings) as service:
        together = Together(begin.name, line, service.health, ending)
        service.health.everybody = together.everybody
        tasks = [asyncio.create_task(together.listen())]

        def ready() -> None:
            tasks.append(asyncio.create_task(_tell_when_reached(line, service.health, settings.host, begin.port)))

        try:
            await run(service, settings.host, begin.port, ready, drain_seconds=settings.drain_seconds, ending=ending)
        finally:
            for task in tasks:
                task.cancel()


async def _tell_when_reached(line: Line, health: Health, host: str, port: int) -> None:
    """Say that this process answers as soon as a request has come here: whoever asks may be answered by another."""
    while not health.asked:
        with contextlib.suppress(OSError):
            async with asyncio.timeout(ASK_SECONDS):
                await _ask(host, port)
    line.say(Ready())


async def _ask(host: str, port: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        await reader.read()
    finally:
        writer.close()


def main() -> int:
    """Serve until told to end, and return the exit code."""
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        try:
            uvloop.run(_serve(connection))
        except (SettingsError, StoreError) as error:
            log.error("cannot start", reason=str(error))
            return STORE_AWAY if isinstance(error, UnavailableError) else FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
