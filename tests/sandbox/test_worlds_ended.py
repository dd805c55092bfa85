"""A world that has ended leaves nothing behind: no file, no thread, no memory."""

import gc
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.reference.library import ReferenceLibrary
from vetline.sandbox.clock import SandboxClock
from vetline.sandbox.contents.seeds import seeded_directory
from vetline.sandbox.inhabited import Inhabited
from vetline.sandbox.webhook_signer import SandboxSigner
from vetline.sandbox.world import Ground, World
from vetline.sandbox.worlds import SPARES, Worlds
from vetline.store.sqlite.store import SqliteStore
from vetline.wiring import open_store
from vetline.worker.loop import Worker


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[Worlds]:
    """Return the worlds of a sandbox."""
    base = "http://127.0.0.1:1"
    ground = Ground(base, TokenIssuer(base), ReferenceLibrary(), "auto", signer=SandboxSigner(tmp_path))
    store = await open_store(f"sqlite:///{tmp_path / 'first.db'}", durable=False)
    found = Worlds(ground, tmp_path / "worlds")
    first = World(ground, store, SandboxClock(), seeded_directory())
    app, _ = first.application()
    found.begin(first, app)
    yield found
    await found.close()
    await store.close()


def alive() -> Counter[type]:
    """Return how many there are of what a world has."""
    kinds = (World, TokenVerifier, Worker, SqliteStore)
    return Counter(type(one) for one in gc.get_objects() if type(one) in kinds)


async def used(worlds: Worlds) -> Inhabited:
    """Return a world for which somebody asked."""
    made = await worlds.make()
    await made.wake()
    assert (await made.world.info())["customers"]
    return made


@pytest.fixture
def without_collector() -> Iterator[None]:
    """Let nothing go that knows itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
async def test_nothing_is_left_of_it(worlds: Worlds, tmp_path: Path) -> None:
    before, threads = alive(), threading.active_count()
    for _ in range(3 * SPARES):
        assert await worlds.end((await used(worlds)).name)
    grown = alive() - before
    assert max(grown.values()) <= SPARES, f"{grown}: those that are kept ready, without any help of the collector"
    assert threading.active_count() <= threads + (os.cpu_count() or 1) + 4, "those of the event loop's own pool"
    await worlds.close()
    assert not os.listdir(tmp_path / "worlds")
