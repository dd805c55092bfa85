"""Which decisions of a reviewer need a second one, as a switch: `vetline serve` has a setting for that."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from vetline.desk.reviewer import ReviewDesk
from vetline.vetting.commands import Approve, Deny
from vetline.vetting.words import FourEyes


class FourEyesSwitch:
    """The decisions of one world that need a second reviewer; none in a fresh world.

    Attributes:
        wanted: which.
    """

    def __init__(self) -> None:
        self.reset()

    def set(self, wanted: Iterable[FourEyes]) -> None:
        """Have others need one."""
        self.wanted = frozenset(wanted)

    def reset(self) -> None:
        """Have none need one."""
        self.set(())


class SwitchedReviewDesk(ReviewDesk):
    """A review desk that asks a switch.

    Parameters:
        switch: says which decisions need a second reviewer.
        found: see `ReviewDesk`.
    """

    def __init__(self, switch: FourEyesSwitch, *found: Any) -> None:
        super().__init__(*found)
        self._switch = switch

    def _governed(self, command: Approve | Deny, undo: bool) -> Approve | Deny:
        governed = super()._governed(command, undo)
        return replace(governed, rules=replace(governed.rules, four_eyes=self._switch.wanted))
