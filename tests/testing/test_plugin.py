"""The plugin in real runs of pytest: when a sandbox is started, when it ends, what a failing test's report says."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import Sandbox
from tests.testing.suites import Suite

ONE = """
def test_one(vetline_world):
    print("mode", vetline_world.vetting.shown()["modes"][0]["mode"], "at", vetline_world.base_url)
"""

GIVEN = """
import os
from pathlib import Path

def test_one(vetline_world):
    assert vetline_world.base_url.startswith(os.environ["GIVEN"])
    assert not list(Path(os.environ["TMPDIR"]).glob("vetline-testing-*/log"))
"""

NONE = """
def test_one():
    pass
"""

FAILS = """
def test_one(vetline_world):
    print("id", vetline_world.id)
    list(vetline_world.client().customers.list())
    assert 0
"""

WAITS = """
import threading
from pathlib import Path

def test_one(vetline_world):
    Path("begun").write_text("yes")
    threading.Event().wait(300)
"""

# The worker that needs the sandbox first starts it; here it is one that is killed.
KILLED = """
import os
import signal

import pytest

@pytest.mark.parametrize("number", range(8))
def test_one(vetline_world, number):
    assert len([*vetline_world.client().customers.list()]) == 6
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("tests", "options"), [(NONE, ()), (ONE, ("--collect-only",))], ids=["none", "collecting"])
def test_who_needs_no_sandbox_gets_none(tmp_path: Path, tests: str, options: tuple[str, ...]) -> None:
    """Not even a folder is made; collecting alone starts nothing either."""
    suite = Suite(tmp_path, tests)
    assert suite.run(*options)[0] == 0
    assert suite.sandboxes() == []
    assert list(suite.temporary.iterdir()) == []


SLEEPS = """
import time
from pathlib import Path

for _ in range(1200):
    if list(Path({folder!r}).glob("vetline-testing-*/ready")):
        break
    time.sleep(0.05)
else:
    raise AssertionError("no sandbox was started before the conftest files are imported")
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_the_next_run_starts_it_before_anything_of_the_project_is_imported(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Most runs are like the one before; one that needs none is remembered too."""
    suite = Suite(tmp_path, ONE)
    assert suite.run(*options)[0] == 0
    conftest = suite.folder / "conftest.py"
    conftest.write_text(SLEEPS.format(folder=str(suite.temporary)), "utf-8")
    code, written = suite.run(*options)
    assert code == 0, written
    conftest.unlink()
    (suite.folder / "test_suite.py").write_text(NONE, "utf-8")
    assert suite.run(*options)[0] == 0
    remembered = suite.folder / ".pytest_cache" / "v" / "vetline" / "needed"
    assert remembered.read_text("utf-8") == "false"
    assert suite.sandboxes() == []


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_ctrl_c_leaves_no_process(tmp_path: Path, options: tuple[str, ...]) -> None:
    """As a terminal sends it: to the whole group."""
    suite = Suite(tmp_path, WAITS)
    with suite.begin(*options) as run:
        suite.until_written("begun")
        assert len(suite.sandboxes()) == 1
        os.killpg(run.pid, signal.SIGINT)
        run.communicate(timeout=120)
    assert run.returncode == pytest.ExitCode.INTERRUPTED
    assert suite.sandboxes() == []
    assert list(suite.temporary.glob("vetline-testing-*")) == []


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_killed_run_leaves_no_process(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Nobody had the time to end the sandbox: it ends because nobody holds its life any more."""
    suite = Suite(tmp_path, WAITS)
    with suite.begin(*options) as run:
        suite.until_written("begun")
        run.kill()
        run.communicate(timeout=120)
    suite.until_sandboxes(0)


def test_a_killed_worker_takes_no_sandbox_along(tmp_path: Path) -> None:
    """The others go on in the same one, and it ends with the run."""
    suite = Suite(tmp_path, KILLED)
    code, written = suite.run("-n", "2")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "7 passed" in written
    assert "crashed while running" in written
    assert suite.sandboxes() == []


def test_a_failing_test_says_in_which_world_it_was(tmp_path: Path) -> None:
    """Its id, where its control routes are, and what was asked last."""
    suite = Suite(tmp_path, FAILS)
    code, written = suite.run()
    assert code == pytest.ExitCode.TESTS_FAILED
    world = written.partition("\nid ")[2].split()[0]
    told = written.partition("Vetline's world")[2]
    assert f"/sandbox/worlds/{world})" in told
    assert re.search(r"^\d+ GET /v1/customers 200$", told, re.MULTILINE)


def test_a_running_sandbox_is_used(tmp_path: Path, sandbox: Sandbox) -> None:
    """Where its address is given none is started; and the mode is that of the command line."""
    suite = Suite(tmp_path, ONE, ini="vetline_vetting = immediate\n")
    code, written = suite.run("-s", "--vetline-sandbox-url", sandbox.base, "--vetline-vetting", "after:60")
    assert (code, f"mode after:60 at {sandbox.base}" in written) == (0, True), written
    assert list(suite.temporary.glob("vetline-testing-*")) == []


def test_workers_use_a_running_sandbox_too(tmp_path: Path, sandbox: Sandbox) -> None:
    """In each run, also where the one before has noted that a sandbox is needed."""
    suite = Suite(tmp_path, GIVEN)
    for _ in range(2):
        code, written = suite.run("-n", "2", "--vetline-sandbox-url", sandbox.base, more={"GIVEN": sandbox.base})
        assert code == 0, written
        assert list(suite.temporary.glob("vetline-testing-*")) == []


def test_the_mode_stands_in_the_ini_file(tmp_path: Path) -> None:
    """For all worlds."""
    code, written = Suite(tmp_path, ONE, ini="vetline_vetting = by-hand\n").run("-s")
    assert (code, "mode by-hand at" in written) == (0, True), written


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--vetline-sandbox-url", "http://127.0.0.1:9"), "No sandbox answers at http://127.0.0.1:9"),
        (("--vetline-vetting", "sometimes"), "'sometimes' is no vetting mode: give auto"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    """In a sentence that says what to do."""
    code, written = Suite(tmp_path, ONE).run(*options)
    assert code == pytest.ExitCode.TESTS_FAILED
    assert sentence in written


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    """`pip install vetline` is the client alone; the plugin is in it all the same."""
    absent = tmp_path / "absent" / "granian"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ModuleNotFoundError('No module named granian', name='granian')\n")
    code, written = Suite(tmp_path, ONE).run(more={"PYTHONPATH": str(absent.parent)})
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "pip install 'vetline[sandbox]'" in written


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_system_that_starts_none_runs_all_other_tests(tmp_path: Path, options: tuple[str, ...]) -> None:
    """The client is used on Windows too, and the plugin is there with it."""
    suite = Suite(tmp_path, NONE + ONE.replace("test_one", "test_two"))
    (suite.folder / "conftest.py").write_text("import sys\nsys.modules['fcntl'] = None\n")
    code, written = suite.run(*options)
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "1 passed, 1 error" in written
    assert "start one in a container, and give --vetline-sandbox-url" in written


def test_a_module_of_the_project_stands_in_for_none_of_ours(tmp_path: Path) -> None:
    """Many a project has a queue.py at its root."""
    suite = Suite(tmp_path, ONE)
    (suite.folder / "uvloop.py").write_text("raise SystemExit('this is the project under test')\n")
    code, written = suite.run()
    assert code == 0, written


def test_the_plugin_loads_next_to_nothing() -> None:
    """It is part of every run where Vetline is installed."""
    loaded = "import sys, pytest; a = set(sys.modules); import vetline.testing.plugin; print(*set(sys.modules) - a)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"vetline", "vetline.testing", "vetline.testing.plugin"}
