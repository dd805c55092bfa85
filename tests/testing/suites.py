"""Real pytest runs over suites that a test writes, and the sandboxes that they leave or do not leave."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

DEADLINE_SECONDS = 60.0
_INI = "[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n"


class Suite:
    """A folder with tests in it, and a place of its own for temporary files.

    Parameters:
        folder: where it is.
        tests: the text of its one file.
        ini: more lines of its pytest.ini.
    """

    def __init__(self, folder: Path, tests: str, ini: str = "") -> None:
        self.folder = folder / "suite"
        self.temporary = folder / "temporary"
        for path in (self.folder, self.temporary):
            path.mkdir()
        (self.folder / "test_suite.py").write_text(tests, "utf-8")
        (self.folder / "pytest.ini").write_text(_INI + ini, "utf-8")

    def begin(self, *options: str, more: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        """Start a run.

        Parameters:
            more: variables of its environment.
        """
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-v", *options],
            cwd=self.folder,
            env={**_as_in_a_shell(), "TMPDIR": str(self.temporary), **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *options: str, more: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run it to its end, and return the exit code and what was written."""
        with self.begin(*options, more=more) as process:
            written, _ = process.communicate(timeout=300)
            return process.returncode, written

    def sandboxes(self) -> list[int]:
        """Return the processes that it started and that still live."""
        return [int(one.parent.name) for one in Path("/proc").glob("[0-9]*/cmdline") if self._is_ours(one)]

    def _is_ours(self, command: Path) -> bool:
        try:
            return str(self.temporary).encode() in command.read_bytes()
        except OSError:  # it ended meanwhile
            return False

    def until_sandboxes(self, number: int) -> None:
        """Return when so many of them live.

        Raises:
            AssertionError: it does not come to that.
        """
        deadline = time.monotonic() + DEADLINE_SECONDS
        while len(found := self.sandboxes()) != number:
            assert time.monotonic() < deadline, f"{len(found)} sandboxes live, not {number}"

    def until_written(self, name: str) -> str:
        """Return the text of a file of the suite as soon as it has one."""
        file, deadline = self.folder / name, time.monotonic() + DEADLINE_SECONDS
        while not (file.exists() and file.read_text("utf-8")):
            assert time.monotonic() < deadline, f"nothing is written into {name}"
        return file.read_text("utf-8")


def _as_in_a_shell() -> dict[str, str]:
    """Return the environment without what makes a run believe that it is a worker of another one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
