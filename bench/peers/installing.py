"""Peers are installed by name, once, into a cache folder outside the repository, at the versions of `versions.toml`."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from bench.processes import BenchError

SECONDS = 300
_VERSIONS = Path(__file__).with_name("versions.toml")


@cache
def versions() -> dict[str, dict[str, str]]:
    """Return the versions, by registry and name."""
    return tomllib.loads(_VERSIONS.read_text("utf-8"))


def from_npm(name: str) -> Path:
    """Install a package; return its folder of modules.

    Raises:
        BenchError: npm is missing, or could not install it.
    """
    wanted = f"{name}@{versions()['npm'][name]}"
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier"]
    folder = _installed(wanted, lambda folder: [["npm", "install", *options, "--prefix", str(folder), wanted]])
    return folder / "node_modules"


def from_pip(name: str) -> Path:
    """Install a package into an environment of its own; return the folder of its programs.

    Raises:
        BenchError: it could not be installed.
    """
    wanted = f"{name}=={versions()['pip'][name]}"
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
    made = _installed(
        wanted, lambda folder: [[sys.executable, "-m", "venv", str(folder)], [str(folder / "bin" / "python"), *pip]]
    )
    return made / "bin"


def _installed(wanted: str, commands: Callable[[Path], list[list[str]]]) -> Path:
    """An environment of Python cannot be moved, so a mark tells a whole installation from a broken one."""
    folder = user_cache_path("vetline-bench") / re.sub(r"[^\w.-]+", "-", wanted).strip("-")
    mark = folder / ".installed"
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in commands(folder):
            _run(command, wanted)
        mark.touch()
    return folder


def _run(command: list[str], wanted: str) -> None:
    """What an installer prints names the registries it asked, so it is not repeated."""
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise BenchError(f"{wanted} could not be installed: {Path(command[0]).name} failed") from error
