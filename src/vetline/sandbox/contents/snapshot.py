"""A whole world as one JSON document: its rows, its clock, its vetting. Elsewhere its partners are those of there."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from vetline.sandbox.control.requests import bad
from vetline.sandbox.steering.modes import pacing_named
from vetline.sandbox.steering.steering import Next, Whom
from vetline.store.snapshots import Snapshot, SnapshotError, Snapshotting

if TYPE_CHECKING:
    from vetline.sandbox.world import World

FORMAT = "vetline-world/1"
MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024
_ELSEWHERE = (
    "this sandbox keeps its first world in PostgreSQL, of which no snapshot is taken: POST /sandbox/worlds, "
    "and take one there."
)


class WorldSnapshot(msgspec.Struct, frozen=True, rename="camel"):
    """A world.

    Parameters:
        format: which form of the document this is.
        now, frozen: its clock.
        modes, next: its vetting.
        tenants: whose it is, the partners first, the review desk last.
        contents: its rows.
    """

    format: str
    now: datetime
    frozen: bool
    modes: list[tuple[Whom, str]]
    next: list[Next]
    tenants: list[str]
    contents: Snapshot


async def snapshot_of(world: "World") -> WorldSnapshot:
    """Return a world as it is, between two batches of its worker.

    Raises:
        FaultError: it is kept where no snapshot is taken.
    """
    async with world.rooms.worker.at_rest():
        return WorldSnapshot(
            FORMAT,
            world.clock.now(),
            world.clock.frozen,
            list(world.steering.modes),
            list(world.steering.laid_down),
            _tenants(world),
            await _store(world).snapshot(),
        )


def written(snapshot: WorldSnapshot) -> bytes:
    """Return the document."""
    return msgspec.json.encode(snapshot)


async def restore(world: "World", document: bytes) -> None:
    """Make a world what a document says.

    Raises:
        FaultError: it cannot be read, or is another release's; the world is as it was.
    """
    snapshot = _read(document)
    others = dict(zip(snapshot.tenants, _tenants(world), strict=False))
    async with world.rooms.worker.at_rest():
        try:
            await _store(world).restore(snapshot.contents, others)
        except SnapshotError as error:
            raise bad(f"{error}.") from error
        world.clock.show(snapshot.now, frozen=snapshot.frozen)
        world.steering.restore(snapshot.modes, snapshot.next)
        world.rooms.figures.forget()


def _read(document: bytes) -> WorldSnapshot:
    try:
        found = msgspec.json.decode(document, type=WorldSnapshot)
    except msgspec.MsgspecError as error:
        raise bad(f"this is no snapshot: {error}.") from error
    if found.format != FORMAT or found.now.tzinfo is None:
        raise bad(f"this is no snapshot of the form {FORMAT}.")
    for _, mode in found.modes:
        _check_mode(mode)
    return found


def _check_mode(mode: str) -> None:
    try:
        pacing_named(mode)
    except ValueError as error:
        raise bad(str(error)) from error


def _store(world: "World") -> Snapshotting:
    if not isinstance(world.store, Snapshotting):
        raise bad(_ELSEWHERE)
    return world.store


def _tenants(world: "World") -> list[str]:
    return [tenant.tenant_id for tenant in world.directory.tenants]
