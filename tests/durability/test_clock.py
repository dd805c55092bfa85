"""The sandbox's clock across restarts: time never runs backwards, whatever happens to the disk or the process."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from vetline.sandbox.clock import SandboxClock

# Moves the clock in a process that may write one byte to any file, as on a disk that becomes full in the middle.
_MOVE_ON_A_FULL_DISK = """
import datetime, pathlib, resource, sys
from vetline.sandbox.clock import SandboxClock
clock = SandboxClock(pathlib.Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
before = clock.now()
try:
    clock.advance(datetime.timedelta(days=5))
except OSError:
    print("refused", clock.now() - before < datetime.timedelta(days=1))
"""


def _offset(path: Path) -> timedelta:
    ahead = SandboxClock(path).now() - SandboxClock().now()
    return timedelta(seconds=round(ahead.total_seconds()))


def test_offset_survives_a_restart(tmp_path: Path) -> None:
    """What was advanced stays advanced; a reset shows the machine's time again."""
    clock = SandboxClock(tmp_path / "clock")
    clock.advance(timedelta(hours=30))
    clock.advance(timedelta(seconds=0.5))
    assert _offset(tmp_path / "clock") == timedelta(hours=30)
    clock.reset()
    assert _offset(tmp_path / "clock") == timedelta(0)


def test_move_that_cannot_be_kept_is_not_made(tmp_path: Path) -> None:
    """When the disk is full in the middle of it, the clock and its file stay where they were."""
    path = tmp_path / "clock"
    SandboxClock(path).advance(timedelta(days=300))
    command = [sys.executable, "-c", _MOVE_ON_A_FULL_DISK, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said == "refused True\n"
    assert _offset(path) == timedelta(days=300)


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=3_651)])
def test_clock_moves_forward_and_not_too_far(tmp_path: Path, by: timedelta) -> None:
    """A refused move changes nothing."""
    clock = SandboxClock(tmp_path / "clock")
    with pytest.raises(ValueError, match="moves forward"):
        clock.advance(by)
    assert _offset(tmp_path / "clock") == timedelta(0)
