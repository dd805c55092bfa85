"""The exit codes: what a script can tell apart. Kept stable; docs/cli.md lists them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
LOGIN: Final = 3
# `vetline bulk` stopped before its last row, most often because nobody is signed in.
STOPPED: Final = LOGIN
NOT_FOUND: Final = 4
CONFLICT: Final = 5
UNAVAILABLE: Final = 6
TIMED_OUT: Final = 7
INTERRUPTED: Final = 130

MEANINGS: Final[Mapping[int, str]] = MappingProxyType(
    {
        OK: "Done.",
        FAILED: "The service refused, or something failed that has no code of its own.",
        USAGE: "The command line, a file given to it, or the configuration is wrong. Nothing was sent.",
        LOGIN: "Nobody is signed in, the login is not accepted, or this needs a user. `bulk`: stopped early.",
        NOT_FOUND: "There is no such customer, case or other resource.",
        CONFLICT: "It does not go together with what is there already.",
        UNAVAILABLE: "Throttled, not available, or no connection: try again later.",
        TIMED_OUT: "No decision within the time given; the wait can be resumed.",
        INTERRUPTED: "Interrupted with Ctrl-C.",
    }
)
