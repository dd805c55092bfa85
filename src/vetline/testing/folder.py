"""The folder by which the processes of a test run share one sandbox. Files and signs of life; nothing is asked here.

Whoever makes the folder holds the sandbox's life: the other end of its standard input. That ends with its holder,
however that ends, also by SIGKILL; the sandbox then ends too. Whoever needs the sandbox first starts it.
"""

import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vetline.testing.errors import SandboxError

START_SECONDS = 60.0
END_SECONDS = 20.0
_LOOK_SECONDS = 0.005
_LOG_LINES = 20


class SandboxFolder:
    """The folder of one sandbox.

    Parameters:
        path: where it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._life: int | None = None

    @classmethod
    def make(cls) -> "SandboxFolder":
        """Return a new folder, and hold the life of the sandbox that will be in it."""
        made = cls(Path(tempfile.mkdtemp(prefix="vetline-testing-")))
        os.mkfifo(made._life_line, 0o600)
        # For reading too, so that it opens before the sandbox is there to read.
        made._life = os.open(made._life_line, os.O_RDWR)
        return made

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def needed(self) -> bool:
        """Whether some test of the run needs the sandbox."""
        return (self._path / "needed").exists()

    def note_need(self) -> None:
        """Note that some test needs the sandbox."""
        (self._path / "needed").touch()

    @property
    def log(self) -> str:
        """Everything that the sandbox wrote so far."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    @property
    def _life_line(self) -> Path:
        return self._path / "life"

    @property
    def _log(self) -> Path:
        return self._path / "log"

    @property
    def _ready(self) -> Path:
        return self._path / "ready"

    def start(self, arguments: Sequence[str] = ()) -> None:
        """Start the sandbox, unless somebody has; it is not waited for.

        Parameters:
            arguments: options of `vetline sandbox`.
        """
        with self._turn():
            if self._log.exists():
                return
            log = os.open(self._log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # Shared with the process, and so locked as long as that lives: how everybody sees whether it does.
                fcntl.flock(log, fcntl.LOCK_EX)
                self._spawn(log, arguments)
            finally:
                os.close(log)

    def _spawn(self, log: int, arguments: Sequence[str]) -> None:
        options = ["--port", "0", "--ready-file", str(self._ready), "--until-eof", *arguments]
        # Without options of its own it need not wait for the command line.
        what = ["vetline", "sandbox", *options] if arguments else ["vetline.cli.suite", str(self._ready)]
        # -P: a module of the project under test must not stand in for one of the library.
        command = [sys.executable, "-P", "-m", *what]
        life = os.open(self._life_line, os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.set_blocking(life, True)
            streams = [(os.POSIX_SPAWN_DUP2, life, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
            # A group of its own: Ctrl-C is for the tests, which may still need it for their end.
            os.posix_spawn(sys.executable, command, os.environ, file_actions=streams, setpgroup=0)
        finally:
            os.close(life)

    def address(self) -> str:
        """Wait until the sandbox answers, and return its address.

        Raises:
            SandboxError: it does not start; the sentence ends with what it said last.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self._ready.exists():
            if self._gone():
                raise SandboxError(f"vetline sandbox did not start. {self.last_lines()}")
            if time.monotonic() > deadline:
                raise SandboxError(f"vetline sandbox did not start in {START_SECONDS:.0f} s. {self.last_lines()}")
            time.sleep(_LOOK_SECONDS)
        return self._ready.read_text("ascii").strip()

    def last_lines(self) -> str:
        """Return a sentence with what the sandbox wrote last."""
        lines = self.log.splitlines()[-_LOG_LINES:]
        return "It wrote nothing." if not lines else "\n".join(["It wrote last:", *lines])

    def end(self) -> None:
        """Let go of the sandbox's life, wait until it has ended, and remove the folder; its holder calls it."""
        if self._life is None:
            return
        os.close(self._life)
        self._life = None
        deadline = time.monotonic() + END_SECONDS
        while not self._gone() and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        shutil.rmtree(self._path, ignore_errors=True)

    def _gone(self) -> bool:
        """Whether no sandbox lives here."""
        if not self._log.exists():
            return True
        with self._log.open("rb") as log:
            try:
                fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with (self._path / "turn").open("ab") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield
