"""Runs `vetline bulk submit` as child processes."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.bulk.files import Results, outcomes_in, results_in
from tests.cli.running import VETLINE, Done, Home

# Between this process and the one that is measured: what a process is told of its children's memory includes the memory
# that they shared with their parent until they became what they are.
_MEASURING = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


@dataclass
class Bulk:
    """One input and its results, submitted in one or many processes.

    Parameters:
        home: who runs it.
        file: the input.
        options: further options of every run.
    """

    home: Home
    file: Path
    options: tuple[str, ...] = ()
    peak_mebibytes: float = field(default=0.0, init=False)

    @property
    def results(self) -> Path:
        """Where the results go."""
        return self.home.folder / "out.csv"

    @property
    def journal(self) -> Path:
        """Where the journal is."""
        return self.home.folder / "out.csv.journal"

    def arguments(self, *more: str) -> list[str]:
        """Return the command line after `vetline`."""
        return ["bulk", "submit", str(self.file), "--results", str(self.results), *self.options, *more]

    def run(self, *more: str) -> Done:
        """Run it to its end."""
        return self.home.run(*self.arguments(*more))

    def start(self, *more: str) -> "subprocess.Popen[str]":
        """Start it."""
        return self.home.start(*self.arguments(*more))

    def measured(self, *more: str) -> int:
        """Run it to its end, note how much memory it had, and return its exit code."""
        command = [sys.executable, "-c", _MEASURING, *VETLINE, *self.arguments(*more)]
        with (self.home.folder / "stderr").open("ab") as log:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=log, check=False, env=self.home.environment, timeout=120
            )
        self.peak_mebibytes = max(self.peak_mebibytes, int(done.stdout) / 1024)
        return done.returncode

    def launch(self, *more: str) -> "subprocess.Popen[bytes]":
        """Start it without pipes."""
        null = subprocess.DEVNULL
        with (self.home.folder / "stderr").open("ab") as log:
            return subprocess.Popen(
                [*VETLINE, *self.arguments(*more)], stdin=null, stdout=null, stderr=log, env=self.home.environment
            )

    def errors(self) -> str:
        """Return what launched processes wrote to stderr."""
        return (self.home.folder / "stderr").read_text("utf-8")

    @property
    def rows(self) -> Results:
        """The results."""
        return results_in(self.results)

    @property
    def outcomes(self) -> list[str]:
        """The outcomes, in order."""
        return outcomes_in(self.results)


def stopped(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
    """Send a signal, and return the exit code and what the process wrote."""
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert "Traceback" not in err, err
    return process.returncode, out, err
