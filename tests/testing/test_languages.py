"""The examples in other languages do what they say, on a sandbox that each starts and ends itself."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "sandbox"


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


def test_the_workflow_names_what_there_is() -> None:
    """Its folders are there, and the package has the extra that it installs."""
    workflow = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text("utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all((ROOT / step["working-directory"]).is_dir() for step in steps if "working-directory" in step)
    installed = {extra for step in steps for extra in re.findall(r"vetline\[(\w+)\]", step.get("run", ""))}
    assert installed == {"sandbox"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert installed <= set(project["optional-dependencies"])
