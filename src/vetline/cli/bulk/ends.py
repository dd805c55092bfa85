"""How a run ends: the exit codes of `vetline bulk`, and which of them an end has."""

from typing import Final

from vetline.cli.bulk.halting import Why

DONE: Final = 0
"""Every row has an outcome; to be denied is one."""
FAILED: Final = 1
"""Some rows failed."""
USAGE: Final = 2
"""The input or the command line is wrong."""
STOPPED: Final = 3
"""Stopped early: --max-failures, nobody is signed in, the service is away, or the disk is full."""
TIMED_OUT: Final = 7
"""Some rows were still in review after --wait-timeout."""
INTERRUPTED: Final = 130
"""Ctrl-C or SIGTERM."""

_BY_REASON: Final = {Why.INTERRUPTED: INTERRUPTED, Why.INPUT: USAGE, Why.TIME: TIMED_OUT}


def exit_code(why: Why | None, failed: int) -> int:
    """Return the exit code of a run.

    Parameters:
        why: what ended it early; `None` when it went to its end.
        failed: how many rows failed.
    """
    if why is Why.TIME and failed:
        return FAILED
    if why is not None:
        return _BY_REASON.get(why, STOPPED)
    return FAILED if failed else DONE
