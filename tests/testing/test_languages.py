"""The examples in other languages do what they say, on a sandbox that each starts and ends itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "sandbox"


@pytest.mark.parametrize(("program", "file"), [("node", "node/main.mjs"), ("java", "java/Main.java")])
def test_the_example_qualifies_a_customer(tmp_path: Path, program: str, file: str) -> None:
    """It asks, and finds what became of it; no process stays."""
    if not shutil.which(program) and "CI" not in os.environ:
        pytest.skip(f"{program} is not installed here")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "TMPDIR": str(tmp_path),
        "JAVA_TOOL_OPTIONS": f"-Djava.io.tmpdir={tmp_path}",
    }
    done = subprocess.run(
        [program, EXAMPLES / file], capture_output=True, text=True, check=False, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["asked: InReview", "found: Education Approved"]
    left = [one for one in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path).encode() in _read(one)]
    assert left == []


def _read(command: Path) -> bytes:
    try:
        return command.read_bytes()
    except OSError:  # it ended meanwhile
        return b""
