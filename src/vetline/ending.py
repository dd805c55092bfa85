"""How a process is asked to end: once, and it drains; once more, and it hurries."""

import asyncio
import contextlib
import signal


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
