"""All worlds behind one address: each request goes to the world that it belongs to.

Which one that is, a request says in the way that clients say it anyway: by the tenant of its token, by the tenant or
the application that it asks a token for. Control routes of a world begin with `/sandbox/worlds/{id}/`. What names no
world is for the first one, with which the sandbox was started.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.logs import get_logger
from vetline.sandbox.addressing import Address, address_of
from vetline.sandbox.clock import SandboxClock
from vetline.sandbox.contents.seeds import directory_of
from vetline.sandbox.inhabited import Inhabited
from vetline.sandbox.interface import Interface
from vetline.sandbox.world import Ground, World
from vetline.store.port import StoreError
from vetline.wire.contract import Contract
from vetline.wiring import open_store

# Each has some seven files open and less than a mebibyte of memory.
MAX_WORLDS = 500
# Ready to be handed out: who makes one world makes more.
SPARES = 8

log = get_logger("vetline.sandbox")


class Patience(msgspec.Struct, frozen=True):
    """What becomes of worlds for which nobody asks.

    Parameters:
        rest: after so many seconds one rests, unless something is due before long.
        end: after so many it ends, whatever is due.
        look: so often all are looked at.
    """

    rest: float = 60.0
    end: float = 3600.0
    look: float = 10.0


PATIENCE = Patience()


class TooManyWorldsError(Exception):
    """There is no room for another world."""


class Worlds:
    """The ASGI application of a sandbox.

    Parameters:
        ground: what all worlds share.
        folder: where databases of worlds are kept as long as they live.
        patience: how long worlds are there for which nobody asks.
    """

    def __init__(self, ground: Ground, folder: Path, patience: Patience = PATIENCE) -> None:
        self._ground = ground
        self._patience = patience
        self._folder = folder
        self._first: Asgi | None = None
        self._first_world: World | None = None
        self._interface: Interface | None = None
        self._empty = b""
        self._by_id: dict[str, Inhabited] = {}
        self._by_name: dict[str, Inhabited] = {}
        self._spares: deque[Inhabited] = deque()
        self._preparing: asyncio.Task[None] | None = None
        self._caretaking: asyncio.Task[None] | None = None

    def begin(self, first: World, app: Asgi) -> None:
        """Serve the first world, by its application."""
        self._first_world, self._first, self._interface = first, app, first.interface

    def let_go(self) -> None:
        """Let everybody go whose answer is held back, in every world: the service ends."""
        for world in (self._first_world, *(one.world for one in self)):
            if world:
                world.let_go()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._first is None:
            raise RuntimeError("there is no world yet")
        if scope["type"] != "http" or not self._by_id:
            await self._first(scope, receive, send)
            return
        address = await address_of(scope, receive)
        if found := self._at(address):
            await found.wake()
            await found.app(address.scope, address.receive, send)
        else:  # with its own path: what is meant for a world that has ended is nothing for the first one
            await self._first(scope, address.receive, send)

    def _at(self, address: Address) -> Inhabited | None:
        if address.world:
            return self._by_id.get(address.world)
        if address.user_code:
            return next((one for one in self if one.world.authority.awaits(address.user_code)), None)
        return next((self._by_name[name] for name in address.names if name in self._by_name), None)

    def __iter__(self) -> Iterator[Inhabited]:
        """Yield the worlds beside the first one."""
        return iter(list(self._by_id.values()))

    async def make(self, contract: Contract | None = None) -> Inhabited:
        """Make a world, seeded.

        Parameters:
            contract: which documents' interface it has; `None` for that of the first world.

        Raises:
            TooManyWorldsError: there are so many already.
        """
        if len(self._by_id) >= MAX_WORLDS:
            raise TooManyWorldsError
        made = await self._like(contract) if contract else await self._spare()
        self._by_id[made.name] = made
        self._by_name |= dict.fromkeys(_names(made.world), made)
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(self._prepare())
        self._caretaking = self._caretaking or asyncio.create_task(self._take_care())
        return made

    async def _spare(self) -> Inhabited:
        return self._spares.popleft() if self._spares else await self._prepared(self._ground, self._interface)

    async def _like(self, contract: Contract) -> Inhabited:
        """Return a world with a contract; where that is another one, what describes the interface is written anew."""
        if contract == self._ground.contract:
            return await self._spare()
        return await self._prepared(replace(self._ground, contract=contract), None)

    async def end(self, name: str) -> bool:
        """End the world of that id: nothing of it is left; return whether there was one."""
        found = self._by_id.pop(name, None)
        if found is None:
            return False
        for each in _names(found.world):
            self._by_name.pop(each, None)
        await found.end()
        return True

    async def close(self) -> None:
        """End all worlds."""
        for task in filter(None, (self._caretaking, self._preparing)):
            task.cancel()
            await asyncio.wait([task])
        for found in (*self, *self._spares):
            self._by_id.pop(found.name, None)
            await found.end()

    async def _prepare(self) -> None:
        while len(self._spares) < SPARES:
            self._spares.append(await self._prepared(self._ground, self._interface))

    async def _prepared(self, ground: Ground, interface: Interface | None) -> Inhabited:
        """Return a world for which nobody has asked yet."""
        number = uuid4()
        file = self._folder / f"{number.hex}.db"
        file.write_bytes(self._empty or await self._prepare_empty())
        store = await open_store(f"sqlite:///{file}", durable=False)
        world = World(ground, store, SandboxClock(), directory_of(number), interface)
        seeds = await world.seed()
        app, _ = world.application()
        return Inhabited(number.hex[:12], world, app, world.info_with(seeds), file)

    async def _prepare_empty(self) -> bytes:
        """Return an empty database that is up to date: bringing each up to date by itself would take longer."""
        self._folder.mkdir(exist_ok=True)
        file = self._folder / f"{uuid4().hex}.db"
        await (await open_store(f"sqlite:///{file}", durable=False)).close()
        self._empty = file.read_bytes()
        file.unlink()
        return self._empty

    async def _take_care(self) -> None:
        """Let worlds rest for which nobody asks, and end those for which nobody asked for long."""
        while True:
            await asyncio.sleep(self._patience.look)
            for found in self:
                try:
                    await self._look_after(found)
                except StoreError:
                    log.exception("a world cannot be looked after", world=found.name)

    async def _look_after(self, found: Inhabited) -> None:
        if found.idle_seconds > self._patience.end:
            log.info("a world ends: nobody asked for it for an hour", world=found.name)
            await self.end(found.name)
        elif found.resting or found.idle_seconds > self._patience.rest:  # somebody may ask while it lies down to rest
            # A look that comes late makes nothing late: twice as far ahead as to the next one.
            await found.look_ahead(timedelta(seconds=2 * self._patience.look))


def _names(world: World) -> Iterator[str]:
    """Yield every name by which a request may mean a world: tenants, their domains, applications."""
    for tenant in world.directory.tenants:
        yield tenant.tenant_id
        yield tenant.domain
        yield from (application.client_id for application in tenant.applications)
