"""All worlds behind one address: each request goes to the world that it belongs to.

Which one that is, a request says in the way that clients say it anyway: by the tenant of its token, by the tenant or
the application that it asks a token for. Control routes of a world begin with `/sandbox/worlds/{id}/`. What names no
world is for the first one, with which the sandbox was started.
"""

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import structlog

from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.sandbox.addressing import Address, address_of
from vetline.sandbox.clock import SandboxClock
from vetline.sandbox.seeds import directory_of
from vetline.sandbox.world import Ground, World
from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wiring import Described, open_store

MAX_WORLDS = 1_000
IDLE_SECONDS = 3600.0
_END_SECONDS = 5.0

log = structlog.get_logger("vetline.sandbox")


@dataclass
class Inhabited:
    """A world that is served.

    Parameters:
        id: its name in addresses.
        world: what it is.
        app: answers its requests.
        working: its worker.
        file: its database.
        touched: when it was last asked for something, on the monotonic clock.
    """

    id: str
    world: World
    app: Asgi
    working: "asyncio.Task[None]"
    file: Path
    touched: float = field(default_factory=time.monotonic)

    def remove(self) -> None:
        """Remove its database, which nobody has open any more; in memory, so at once."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)


class Worlds:
    """The ASGI application of a sandbox.

    Parameters:
        ground: what all worlds share.
        folder: where databases of worlds are kept as long as they live.
    """

    def __init__(self, ground: Ground, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._ground = ground
        self._folder = folder
        self._first: Asgi | None = None
        self._described: Described | None = None
        self._by_id: dict[str, Inhabited] = {}
        self._by_name: dict[str, Inhabited] = {}

    def begin(self, first: World, app: Asgi) -> None:
        """Serve the first world, by its application."""
        self._first, self._described = app, first.described()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._first is None:
            raise RuntimeError("there is no world yet")
        if scope["type"] != "http" or not self._by_id:
            await self._first(scope, receive, send)
            return
        address = await address_of(scope, receive)
        found = self._at(address)
        if found is None:
            await self._first(scope, address.receive, send)
            return
        found.touched = time.monotonic()
        await found.app(address.scope, address.receive, send)

    def _at(self, address: Address) -> Inhabited | None:
        if address.world:
            return self._by_id.get(address.world)
        if address.user_code:
            return next((one for one in self if one.world.authority.awaits(address.user_code)), None)
        return next((self._by_name[name] for name in address.names if name in self._by_name), None)

    def __iter__(self) -> Iterator[Inhabited]:
        """Yield the worlds beside the first one."""
        return iter(list(self._by_id.values()))

    async def make(self) -> Inhabited:
        """Make a world, seeded.

        Raises:
            FaultError: there are too many.
        """
        await self._end_idle()
        if len(self._by_id) >= MAX_WORLDS:
            raise FaultError(
                faults.INVALID_INPUT, f"Invalid request input: {MAX_WORLDS} worlds are there: DELETE those not needed."
            )
        number = uuid4()
        file = self._folder / f"{number.hex}.db"
        world = await self._world(number, file)
        await world.seed()
        app, _ = world.application(described=self._described)
        made = Inhabited(number.hex[:12], world, app, asyncio.create_task(world.rooms.worker.run()), file)
        self._by_id[made.id] = made
        self._by_name |= dict.fromkeys(_names(world), made)
        return made

    async def end(self, name: str) -> bool:
        """End the world of that id: nothing of it is left; return whether there was one."""
        found = self._by_id.pop(name, None)
        if found is None:
            return False
        for each in _names(found.world):
            self._by_name.pop(each, None)
        await _end(found)
        return True

    async def close(self) -> None:
        """End all worlds."""
        for found in self:
            await self.end(found.id)

    async def _world(self, number: UUID, file: Path) -> World:
        template = self._folder / "template.db"
        if not template.exists():
            await _make_template(template)
        shutil.copyfile(template, file)
        store = await open_store(f"sqlite:///{file}", durable=False)
        return World(self._ground, store, SandboxClock(), directory_of(number))

    async def _end_idle(self) -> None:
        oldest = time.monotonic() - IDLE_SECONDS
        for found in self:
            if found.touched < oldest:
                log.info("a world ends: nobody asked for it for an hour", world=found.id)
                await self.end(found.id)


async def _make_template(file: Path) -> None:
    """Bring an empty database up to date once, so that no world has to."""
    unfinished = file.with_suffix(".new")
    await (await open_store(f"sqlite:///{unfinished}", durable=False)).close()
    unfinished.rename(file)


async def _end(found: Inhabited) -> None:
    found.world.rooms.let_go()
    found.world.rooms.worker.stop()
    _, hanging = await asyncio.wait([found.working], timeout=_END_SECONDS)
    for task in hanging:
        task.cancel()
    await found.world.store.close()
    found.remove()


def _names(world: World) -> Iterator[str]:
    """Yield every name by which a request may mean a world: tenants, their domains, applications."""
    for tenant in world.directory.tenants:
        yield tenant.tenant_id
        yield tenant.domain
        yield from (application.client_id for application in tenant.applications)
