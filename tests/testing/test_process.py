"""A sandbox without pytest's fixtures: for unittest and scripts, never longer than the process that started it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.suites import Suite
from vetline.testing import SandboxError, SandboxProcess, sandbox

EXAMPLES = Path(__file__).parents[2] / "examples" / "sandbox" / "python"

STARTS = """
import os, sys
from vetline.testing import SandboxProcess
running = SandboxProcess()
print(running.base_url, flush=True)
sys.stdin.read()
os._exit(1)
"""


def test_it_ends_with_its_block() -> None:
    """Its log stays with whoever reads it before."""
    with sandbox(vetting="by-hand") as running:
        assert repr(running) == f"SandboxProcess('{running.base_url}')"
        with running.world() as world:
            assert world.vetting.shown()["modes"][0]["mode"] == "by-hand"
        assert f"ready {running.base_url}" in running.log
    with pytest.raises(SandboxError, match="No sandbox answers"):
        running.world()
    running.close()  # once more does no harm


def test_what_keeps_it_from_starting_is_said() -> None:
    """The sentence ends with its last lines."""
    with pytest.raises(SandboxError, match=r"did not start\. It wrote last:\n.*no vetting mode"):
        SandboxProcess(arguments=["--vetting", "sometimes"])


def test_it_ends_with_a_process_that_cares_for_nothing(tmp_path: Path) -> None:
    """One that exits without closing, or is killed."""
    suite = Suite(tmp_path, "")
    command = [sys.executable, "-c", STARTS]
    more = {"TMPDIR": str(suite.temporary)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=more) as script:
        assert script.stdout
        assert script.stdout.readline().startswith("http://127.0.0.1:")
        assert len(suite.sandboxes()) == 1
        script.communicate("", timeout=60)
    assert script.returncode == 1
    suite.until_sandboxes(0)


def test_the_unittest_example() -> None:
    """It passes."""
    command = [sys.executable, "-W", "error", "-m", "unittest", "test_with_unittest"]
    done = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, check=False)
    assert (done.returncode, "Ran 2 tests" in done.stderr) == (0, True), done.stderr


def test_the_pytest_example(tmp_path: Path) -> None:
    """It passes."""
    suite = Suite(tmp_path, (EXAMPLES / "test_with_pytest.py").read_text("utf-8"))
    code, written = suite.run()
    assert (code, "2 passed" in written) == (0, True), written
