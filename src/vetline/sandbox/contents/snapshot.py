"""A whole world as one JSON document: its rows, its clock, its vetting, its faults and limits.

Elsewhere its partners are those of there. What a document from before has no word of is as in a fresh world: so what
is restored never depends on what was there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from vetline.sandbox.control.limits import limits_in, limits_view
from vetline.sandbox.control.requests import bad
from vetline.sandbox.faults.keeping import KeptFaults, plan_kept_in
from vetline.sandbox.faults.plan import Plan
from vetline.sandbox.limits import Limits
from vetline.sandbox.steering.modes import pacing_named
from vetline.sandbox.steering.steering import Next, Whom
from vetline.store.snapshots import Snapshot, SnapshotError, Snapshotting
from vetline.vetting.words import FourEyes
from vetline.wire.reading import folded

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
        reads: how often customers were read, for the mode `after-polls:N`.
        faults: its faults; `None` in a document from before.
        limits: its limits, as they are sent; `None` in a document from before.
        four_eyes: which decisions need a second reviewer.
    """

    format: str
    now: datetime
    frozen: bool
    modes: list[tuple[Whom, str]]
    next: list[Next]
    tenants: list[str]
    contents: Snapshot
    reads: list[tuple[str, str, int]] = []
    faults: KeptFaults | None = None
    limits: dict[str, Any] | None = None
    four_eyes: list[FourEyes] = []


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
            world.reads.kept(),
            world.faults.kept(),
            limits_view(world.limits.limits),
            sorted(world.four_eyes.wanted),
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
    plan, limits = _plan(world, snapshot), _limits(snapshot)
    others = dict(zip(snapshot.tenants, _tenants(world), strict=False))
    async with world.anew():
        try:
            await _store(world).restore(snapshot.contents, others)
        except SnapshotError as error:
            raise bad(f"{error}.") from error
        world.clock.show(snapshot.now, frozen=snapshot.frozen)
        _steer(world, snapshot, others)
        world.four_eyes.set(snapshot.four_eyes)
        _hinder(world, plan, snapshot.faults)
        world.limits.restore(limits or world.limits.begin_with)
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


def _plan(world: "World", snapshot: WorldSnapshot) -> Plan | None:
    if snapshot.faults is None:
        return None
    try:
        return plan_kept_in(snapshot.faults, world.faults.operations)
    except ValueError as error:
        raise bad(f"the snapshot's faults cannot be here: {error}.") from error


def _limits(snapshot: WorldSnapshot) -> Limits | None:
    return None if snapshot.limits is None else limits_in(folded(snapshot.limits))


def _steer(world: "World", snapshot: WorldSnapshot, others: Mapping[str, str]) -> None:
    def here(whom: Whom) -> Whom:
        return replace(whom, partner=others.get(whom.partner, whom.partner))

    modes = [(here(whom), mode) for whom, mode in snapshot.modes]
    world.steering.restore(modes, [replace(one, whom=here(one.whom)) for one in snapshot.next])
    world.reads.restore(
        [(others.get(partner, partner), customer, count) for partner, customer, count in snapshot.reads]
    )


def _hinder(world: "World", plan: Plan | None, kept: KeptFaults | None) -> None:
    if plan is None or kept is None:
        world.faults.reset()
    else:
        world.faults.restore(plan, kept.refused)


def _store(world: "World") -> Snapshotting:
    if not isinstance(world.store, Snapshotting):
        raise bad(_ELSEWHERE)
    return world.store


def _tenants(world: "World") -> list[str]:
    return [tenant.tenant_id for tenant in world.directory.tenants]
