"""The faults of a world as a snapshot keeps them: what was asked for, how far each was used up, what is left."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from vetline.sandbox.faults.operations import Operations
from vetline.sandbox.faults.plan import LARGEST_SEED, Entry, Plan
from vetline.sandbox.faults.reading import planned_in
from vetline.sandbox.faults.showing import asked_view

_Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_SEED)]
_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class KeptFault(msgspec.Struct, frozen=True):
    """A fault of a plan.

    Parameters:
        number: its number.
        asked: what asked for it.
        seen, struck: how it went so far.
    """

    number: _Count
    asked: dict[str, Any]
    seen: _Count
    struck: _Count


class KeptFaults(msgspec.Struct, frozen=True, rename="camel"):
    """The faults of a world.

    Parameters:
        seed: what their chance is made of.
        numbers: how many were added.
        plan: those that there are.
        refused: the tokens that they made invalid, as digests, each with the number of its fault.
        put_off: the deliveries that they struck, and that are still to come.
    """

    seed: _Count
    numbers: _Count
    plan: list[KeptFault]
    refused: dict[_Digest, _Count]
    put_off: list[str]


def kept(plan: Plan, refused: dict[str, int]) -> KeptFaults:
    """Return what a snapshot keeps of faults.

    Parameters:
        refused: see `KeptFaults`.
    """
    entries = [KeptFault(one.number, asked_view(one.planned), one.seen, one.struck) for one in plan.entries]
    return KeptFaults(plan.seed, plan.numbers, entries, refused, sorted(plan.put_off))


def plan_kept_in(found: KeptFaults, operations: Operations) -> Plan:
    """Return the plan that was kept.

    Parameters:
        operations: what can be struck here.

    Raises:
        ValueError: it cannot be a plan here; the sentence says why.
    """
    numbers = [one.number for one in found.plan]
    if numbers != sorted(set(numbers)) or any(not 0 < number <= found.numbers for number in numbers):
        raise ValueError("the faults must be numbered in their order, up to as many as were added")
    return Plan(found.seed, list(_entries(found, operations)), found.numbers, set(found.put_off))


def _entries(found: KeptFaults, operations: Operations) -> Iterator[Entry]:
    planned = planned_in([one.asked for one in found.plan], operations) if found.plan else []
    for one, asked in zip(found.plan, planned, strict=True):
        yield Entry(one.number, asked, found.seed, one.seen, one.struck)
