"""A start that is killed half-way is no obstacle to the next one: seeds, schema and key are whole or not there."""

import contextlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.support.processes import Sandbox

STARTS = 6
# From the first file to the first answer takes about this long.
HALF_WAY_SECONDS = 0.12


def _kill_half_way(folder: Path, after: float) -> None:
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", "0", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as starting:
        deadline = time.monotonic() + 20
        while not folder.exists():
            assert time.monotonic() < deadline
        with contextlib.suppress(subprocess.TimeoutExpired):
            starting.wait(after)
        starting.kill()


def test_killed_start_is_no_obstacle(tmp_path: Path) -> None:
    """Killed at some moment between its first file and its first answer, it starts the next time with all its seeds."""
    seed = int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"\nseed {seed}")  # noqa: T201 - to run it again: VETLINE_TEST_SEED
    chance = random.Random(seed)
    for number in range(STARTS):
        folder = tmp_path / str(number)
        _kill_half_way(folder, chance.random() * HALF_WAY_SECONDS)
        with Sandbox("--data", str(folder)) as sandbox:
            info = sandbox.info
            assert len(info["customers"]) == 9
            assert [len(partner["validationCodes"]) for partner in info["partners"]] == [2, 1]
            assert sandbox.call("GET", "/v1/customers").status_code == 200
