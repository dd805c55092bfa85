"""A world that is served: its worker runs while somebody asks for it, and rests when nobody does."""

import asyncio
import contextlib
import os
import time
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
        self._resting = True
        self._turn = asyncio.Lock()

    @property
    def idle_seconds(self) -> float:
        """How long ago somebody asked for it."""
        return time.monotonic() - self._touched

    async def wake(self) -> None:
        """Somebody asks: what became due while the worker rested is done, and it works from now on."""
        self._touched = time.monotonic()
        if not self._resting:
            return
        async with self._turn:
            if self._resting:
                await self._rest.aclose()
                await self.world.settle()
                self._working = self._working or asyncio.create_task(self.world.rooms.worker.run())
                self._resting = False

    async def rest(self) -> None:
        """Let the worker finish what it has at hand, and do nothing more until somebody asks."""
        async with self._turn:
            if not self._resting:
                await self._rest.enter_async_context(self.world.rooms.worker.at_rest())
                self._resting = True

    async def end(self) -> None:
        """End it: nothing of it is left."""
        async with self._turn:
            await self._rest.aclose()
            self._resting = False  # who waits to wake it finds a closed store, and says so
            self.world.let_go()
            self.world.rooms.worker.stop()
            if self._working:
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
