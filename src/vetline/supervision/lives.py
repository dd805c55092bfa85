"""When a process that died is started again, and when that is given up. Pure: it is told how long each life was."""

from collections.abc import Sequence

# A process that lived so long has started well: what ended it is another matter.
STEADY_SECONDS = 10.0
# Before each further start in a row, after lives that were shorter. After as many again there is no hope.
PAUSES: Sequence[float] = (0.0, 0.5, 1.0, 2.0)


class Lives:
    """The lives of one process, one after the other."""

    def __init__(self) -> None:
        self._short = 0

    def pause_after(self, seconds: float) -> float | None:
        """Return how long to wait before it is started again; `None` when it is not to be started any more.

        Parameters:
            seconds: how long it lived.
        """
        self._short = 0 if seconds >= STEADY_SECONDS else self._short + 1
        if self._short > len(PAUSES):
            return None
        return PAUSES[max(0, self._short - 1)]
