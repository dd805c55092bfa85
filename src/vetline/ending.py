"""How a process is asked to end: once, and it drains; once more, and it hurries."""

import asyncio
import contextlib
import os
import signal
import threading

_INPUT = 0


class Ending:
    """The wish that a process ends, by signals or by whoever holds this."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._hurried = asyncio.Event()

    def ask(self) -> None:
        """Ask it to end; asked again, it does not wait for others to notice."""
        (self._hurried if self._asked.is_set() else self._asked).set()

    def hurry(self) -> None:
        """Ask it to end without draining."""
        self._asked.set()
        self._hurried.set()

    def by_signals(self) -> None:
        """Take SIGTERM and SIGINT for the wish."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.ask)

    def by_end_of_input(self) -> None:
        """Take the end of standard input for the wish: whoever held its other end is gone, however that happened."""
        loop = asyncio.get_running_loop()

        def wait() -> None:
            # A thread reads whatever standard input is; the event loop can wait for pipes and terminals alone.
            with contextlib.suppress(OSError):
                while os.read(_INPUT, 65_536):
                    pass
            with contextlib.suppress(RuntimeError):  # it ended by itself meanwhile
                loop.call_soon_threadsafe(self.ask)

        threading.Thread(target=wait, name="end of input", daemon=True).start()

    async def asked(self) -> None:
        """Return when it is asked to end."""
        await self._asked.wait()

    async def hurried(self) -> None:
        """Return when it is asked not to wait."""
        await self._hurried.wait()

    async def drained(self, seconds: float) -> None:
        """Return after so many seconds, or as soon as it is hurried."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurried.wait()
