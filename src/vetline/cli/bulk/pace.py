"""How fast the service may be asked: one gate for all workers, which follows `Retry-After` and finds what is bearable.

Additive increase, multiplicative decrease: each refusal for haste halves the number of requests in flight, and it grows
again by one with every full turn of successes. https://learn.microsoft.com/partner-center/developer/api-throttling-guidance
asks for less parallelism and for no instant retry.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from vetline.cli.bulk.halting import Halt


class Gate:
    """Lets requests through.

    Parameters:
        widest: how many may be in flight at most.
        halt: nobody waits here any longer once it is called.
    """

    def __init__(self, widest: int, halt: Halt) -> None:
        self._widest = widest
        self._halt = halt
        self._width = float(widest)
        self._inside = 0
        self._opens = 0.0
        self._moved = asyncio.Condition()

    @property
    def width(self) -> int:
        """How many may be in flight now."""
        return int(self._width)

    def closed_for(self) -> float:
        """Return the seconds until the next request may start; 0 when one may start now."""
        return max(self._opens - asyncio.get_running_loop().time(), 0.0)

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[bool]:
        """Wait for the right to send one request; yields False when the run was halted instead."""
        let_in = await self._enter()
        try:
            yield let_in
        finally:
            if let_in:
                await self._leave()

    async def _enter(self) -> bool:
        while not self._halt.called:
            if pause := self.closed_for():
                await self._halt.called_within(pause)
            elif self._inside < self.width:
                self._inside += 1
                return True
            else:
                async with self._moved:
                    await self._moved.wait_for(lambda: self._inside < self.width or self._halt.called)
        return False

    async def _leave(self) -> None:
        self._inside -= 1
        async with self._moved:
            self._moved.notify_all()

    def succeeded(self) -> None:
        """Note that a request was answered: there may be a little more."""
        self._width = min(self._width + 1 / self._width, self._widest)

    def pushed_back(self, seconds: float) -> None:
        """Note that the service wants fewer requests, and none for some seconds.

        Refusals that were on their way when the gate was closed already do not narrow it again.
        """
        if not self.closed_for():
            self._width = max(self._width / 2, 1.0)
        self._opens = max(self._opens, asyncio.get_running_loop().time() + seconds)
