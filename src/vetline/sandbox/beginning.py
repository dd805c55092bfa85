"""What the command line says of the faults and limits that every world begins with."""

import secrets
from pathlib import Path
from typing import Any

import msgspec

from vetline.clock import Clock
from vetline.sandbox.faults.around import Faults
from vetline.sandbox.faults.operations import Operations
from vetline.sandbox.faults.plan import Plan
from vetline.sandbox.faults.reading import planned_in
from vetline.sandbox.limits import NONE, Limits
from vetline.settings import SettingsError
from vetline.wire.faults import FaultError
from vetline.wire.reading import json_of

_RANDOM_BITS = 32


class Beginning(msgspec.Struct, frozen=True):
    """What a world begins with.

    Parameters:
        plan: its faults, as JSON says them; `None` for none.
        seed: what their chance is made of; `None` for a random one for each world.
        limits: its limits.
    """

    plan: Any = None
    seed: int | None = None
    limits: Limits = NONE

    def fresh_seed(self) -> int:
        """Return the seed of a fresh world."""
        return secrets.randbits(_RANDOM_BITS) if self.seed is None else self.seed

    def faults(self, clock: Clock, plan: Plan, operations: Operations) -> Faults:
        """Return the faults of a fresh world, in its plan.

        Raises:
            ValueError: the plan is not understood; the sentence says what to give.
        """
        planned = [] if self.plan is None else planned_in(self.plan, operations)
        return Faults(clock, plan, operations, planned)


def plan_in(file: Path) -> Any:
    """Return the plan in a JSON file, which is still to be understood.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return json_of(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"--faults {file} cannot be read ({error.strerror}).") from error
    except FaultError as error:
        raise SettingsError(f"--faults {file} is not valid JSON: give a fault, or a list of them.") from error
