"""The sandbox's clock: the machine's, moved forward as far as a test wants, or standing still."""

from datetime import datetime, timedelta
from pathlib import Path

from vetline.clock import SystemClock
from vetline.files import replace_file

# Far enough for every test, near enough that no sum of dates overflows.
MAX_ADVANCE = timedelta(days=3650)


class SandboxClock:
    """A clock that can be moved forward and stopped.

    Parameters:
        kept_in: where the offset survives a restart, so that time never runs backwards; `None` for nowhere. A clock
            that stood still goes on after a restart.

    Raises:
        ValueError: the file holds no number of seconds.
    """

    def __init__(self, kept_in: Path | None = None) -> None:
        self._system = SystemClock()
        self._kept_in = kept_in
        kept = kept_in.read_text("ascii") if kept_in and kept_in.exists() else "0"
        self._offset = timedelta(seconds=float(kept))
        self._stopped_at: datetime | None = None

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._stopped_at is not None

    def now(self) -> datetime:
        """Return the sandbox's current moment, aware and in UTC."""
        return self._stopped_at or self._system.now() + self._offset

    def freeze(self) -> None:
        """Stand still until it is let go; it can be moved all the same."""
        self._stopped_at = self.now()

    def let_go(self) -> None:
        """Run again, from the moment that it shows."""
        if self._stopped_at:
            self._set(self._stopped_at - self._system.now())
            self._stopped_at = None

    def advance(self, by: timedelta) -> None:
        """Move forward.

        Raises:
            ValueError: that would be backwards, or more than ten years from the machine's own time.
        """
        shown = self.now()
        if by < timedelta(0) or shown - self._system.now() + by > MAX_ADVANCE:
            raise ValueError("a clock moves forward, and at most ten years in all")
        if self._stopped_at:
            self._stopped_at += by
        else:
            self._set(self._offset + by)

    def show(self, moment: datetime, *, frozen: bool) -> None:
        """Show the moment of a snapshot, also an earlier one: all that happened later is gone with it."""
        self._stopped_at = moment if frozen else None
        self._set(moment - self._system.now())

    def reset(self) -> None:
        """Show the machine's own time again, running."""
        self._stopped_at = None
        self._set(timedelta(0))

    def _set(self, offset: timedelta) -> None:
        if self._kept_in:
            replace_file(self._kept_in, str(offset.total_seconds()).encode("ascii"))
        self._offset = offset
