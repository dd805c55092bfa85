"""The plan: which request is struck by which fault. Pure: no time, no I/O, and no chance but the seed's.

Each fault draws a number for each request that it is meant for, made of the seed, its own number, and how many such
requests came. So the same seed, plan and requests bring the same faults, requests that it is not meant for change
nothing, and where a fault stands is said by two counts.
"""

from collections.abc import Iterable
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from vetline.sandbox.faults.kinds import OF_DELIVERIES, Form, Kind
from vetline.sandbox.faults.operations import Asked, Target

# The largest whole number that every JSON reader keeps exact.
LARGEST_SEED = 2**53 - 1
# As many as a float tells apart, in whole bytes.
_DRAWN_BITS = 48


class Planned(msgspec.Struct, frozen=True):
    """A fault as it was asked for.

    Parameters:
        kind: what goes wrong.
        target: at which requests.
        times: how often at most; `None` for as often as it comes.
        probability: how likely at each request; `None` for certain.
        after: how many requests it lets pass first.
        retry_after_seconds: what `Retry-After` says.
        retry_after_form: how it says so.
        seconds: how long it takes.
    """

    kind: Kind
    target: Target
    times: int | None = None
    probability: float | None = None
    after: int = 0
    retry_after_seconds: int = 1
    retry_after_form: Form = Form.SECONDS
    seconds: float = 1.0


class Entry(msgspec.Struct):
    """A fault in a plan, and how it went so far.

    Parameters:
        number: its place in the order in which faults were added.
        planned: what was asked for.
        seed: what its chance is made of.
        seen: how many requests came that it is meant for.
        struck: how many of them it struck.
    """

    number: int
    planned: Planned
    seed: int
    seen: int = 0
    struck: int = 0

    @property
    def spent(self) -> bool:
        """Whether it struck as often as it was meant to."""
        return self.planned.times is not None and self.struck >= self.planned.times

    def is_meant_for(self, asked: Asked) -> bool:
        """Whether it could strike: faults of deliveries strike deliveries, the others requests."""
        return (self.planned.kind in OF_DELIVERIES) is asked.is_delivery and self.planned.target.hits(asked)

    def wants(self) -> bool:
        """Count a request that it is meant for, and return whether it would strike it."""
        self.seen += 1
        likely = self.planned.probability
        lucky = likely is None or self._chance() < likely
        return lucky and not self.spent and self.seen > self.planned.after

    def _chance(self) -> float:
        """Return a number from 0 up to 1, the same whenever so many requests came."""
        digest = sha256(f"{self.seed}:{self.number}:{self.seen}".encode()).digest()
        return int.from_bytes(digest[: _DRAWN_BITS // 8]) / float(1 << _DRAWN_BITS)


class Plan(msgspec.Struct):
    """Faults in the order in which they were added; where several would strike a request, the first does.

    Parameters:
        seed: what chance is made of.

    Attributes:
        entries: the faults.
        numbers: how many were added since it was empty.
        put_off: the deliveries that they struck, and that are still to come.
    """

    seed: int
    entries: list[Entry] = msgspec.field(default_factory=list)
    numbers: int = 0
    put_off: set[str] = msgspec.field(default_factory=set)

    def add(self, planned: Iterable[Planned]) -> list[Entry]:
        """Add faults, and return them with their numbers."""
        added = []
        for one in planned:
            self.numbers += 1
            added.append(Entry(self.numbers, one, self.seed))
        self.entries += added
        return added

    def strike(self, asked: Asked) -> Entry | None:
        """Return the fault that strikes a request; `None` when it goes well.

        Every fault that is meant for the request counts it, also when another strikes.
        """
        wanting = [entry for entry in self.entries if entry.is_meant_for(asked) and entry.wants()]
        if not wanting:
            return None
        wanting[0].struck += 1
        return wanting[0]

    def end(self, number: int) -> bool:
        """Take a fault out of the plan; return whether it was in it. The others keep their numbers."""
        before = len(self.entries)
        self.entries = [entry for entry in self.entries if entry.number != number]
        return len(self.entries) < before

    def clear(self) -> None:
        """Take all out. The next fault is number 1 again, so that the same plan can be run again."""
        self.entries, self.numbers = [], 0

    def begin_again(self, seed: int) -> None:
        """Begin the same plan anew from a seed: nothing seen, nothing struck."""
        self.seed = seed
        self.entries = [replace(entry, seed=seed, seen=0, struck=0) for entry in self.entries]

    def restore(self, other: "Plan") -> None:
        """Be as another plan is."""
        self.seed, self.entries, self.numbers, self.put_off = other.seed, other.entries, other.numbers, other.put_off
