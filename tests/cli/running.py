"""Runs `vetline` as its users do: a process with a home of its own and nothing from outside."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VETLINE = (sys.executable, "-m", "vetline")
NO_KEYRING = "keyring.backends.fail.Keyring"
WORKING_KEYRING = "tests.support.keyrings.FileKeyring"

Done = subprocess.CompletedProcess[str]


class Home:
    """A user's home, and the commands that are run in it.

    Parameters:
        folder: an empty one.
        environment: variables of every command, beside those that every process needs.
    """

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.config = folder / "config" / "vetline"
        self.profiles = self.config / "profiles.toml"
        self.secrets = self.config / "secrets.json"
        self.tokens = folder / "cache" / "vetline" / "tokens"
        self.keyring = folder / "keyring.json"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHON_KEYRING_BACKEND": NO_KEYRING,
            "KEYRING_FILE": str(self.keyring),
            **environment,
        }

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> Done:
        """Run a command and return what came of it."""
        given = self.environment | environment
        command = [*VETLINE, *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=given, timeout=60)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def good(self, *arguments: str, stdin: str = "", **environment: str) -> str:
        """Run a command that must succeed and return what it wrote to stdout."""
        done = self.run(*arguments, stdin=stdin, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def data(self, *arguments: str, **environment: str) -> Any:
        """Run a command that must succeed and return its JSON document."""
        return json.loads(self.good(*arguments, "--output", "json", **environment))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command and return its process, with pipes."""
        pipe = subprocess.PIPE
        given = self.environment | environment
        return subprocess.Popen([*VETLINE, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=given)
