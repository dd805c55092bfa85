"""A world that is served: its worker runs while somebody asks for it or something is due soon, and rests else."""

import asyncio
import contextlib
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from vetline.api.app import Asgi
from vetline.sandbox.world import World

_END_SECONDS = 5.0


class Inhabited:
    """A world, its application and its worker.

    Parameters:
        name: its id in addresses.
        world: what it is.
        app: answers its requests.
        info: what its maker is told.
        file: its database.

    Attributes:
        resting: whether its worker does nothing.
    """

    def __init__(self, name: str, world: World, app: Asgi, info: dict[str, Any], file: Path) -> None:
        self.name = name
        self.world = world
        self.app = app
        self.info = info
        self._file = file
        self._touched = time.monotonic()
        self._working: asyncio.Task[None] | None = None
        self._rest = contextlib.AsyncExitStack()
        self.resting = True
        self._ended = False
        self._turn = asyncio.Lock()

    @property
    def idle_seconds(self) -> float:
        """How long ago somebody asked for it."""
        return time.monotonic() - self._touched

    async def wake(self) -> None:
        """Somebody asks: what became due while the worker rested is done, and it works from now on."""
        self._touched = time.monotonic()
        if self.resting:
            async with self._turn:
                await self._work()

    async def look_ahead(self, ahead: timedelta) -> None:
        """Nobody asks: let the worker work when something is due before long, and rest when nothing is.

        Parameters:
            ahead: until somebody looks again, or longer.
        """
        async with self._turn:
            if self._ended:
                return
            if await self.world.has_due_within(ahead):
                await self._work()
            else:
                await self._have_rest()

    async def _work(self) -> None:
        if self.resting:
            await self._rest.aclose()
            await self.world.settle()
            self._working = self._working or asyncio.create_task(self.world.rooms.worker.run())
            self.resting = False

    async def _have_rest(self) -> None:
        """Let the worker finish what it has at hand, and do nothing more."""
        if not self.resting:
            await self._rest.enter_async_context(self.world.rooms.worker.at_rest())
            self.resting = True

    async def end(self) -> None:
        """End it: nothing of it is left."""
        async with self._turn:
            self._ended = True
            await self._rest.aclose()
            self.resting = False  # who waits to wake it finds a closed store, and says so
            self.world.let_go()
            self.world.rooms.worker.stop()
            if self._working:
                with self.world.sending.all_let_go():
                    await _ended(self._working)
            await self.world.store.close()
            self._remove()

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self._file}{suffix}")


async def _ended(task: "asyncio.Task[None]") -> None:
    _, hanging = await asyncio.wait([task], timeout=_END_SECONDS)
    for one in hanging:
        one.cancel()
