"""How a run ends: which of the exit codes it has."""

from types import MappingProxyType
from typing import Final

from vetline.cli import exits
from vetline.cli.bulk.halting import Why

_BY_REASON: Final = MappingProxyType(
    {Why.INTERRUPTED: exits.INTERRUPTED, Why.INPUT: exits.USAGE, Why.TIME: exits.TIMED_OUT}
)


def exit_code(why: Why | None, failed: int) -> int:
    """Return the exit code of a run.

    Parameters:
        why: what ended it early; `None` when it went to its end.
        failed: how many rows failed.
    """
    if why is None or (why is Why.TIME and failed):
        return exits.FAILED if failed else exits.OK
    return _BY_REASON.get(why, exits.STOPPED)
