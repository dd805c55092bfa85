"""What the command line says, and which files may be written: nothing that is there already is ever overwritten."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vetline.cli.bulk.lines import JournalError
from vetline.cli.bulk.opening import read_header

DEFAULT_CONCURRENCY: Final = 16


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `vetline bulk submit`.

    Parameters:
        file: the input.
        results: where the results go.
        profile: whose login; `None` leaves it to the environment.
        wait: whether to wait for the decisions.
        wait_timeout: for how many seconds at most; `None` for as long as it takes.
        resume: whether to continue an earlier run.
        dry_run: whether to check only.
        concurrency: how many requests at once at most.
        max_failures: after how many failed rows to stop; `None` for never.
    """

    file: Path
    results: Path
    profile: str | None = None
    wait: bool = False
    wait_timeout: float | None = None
    resume: bool = False
    dry_run: bool = False
    concurrency: int = DEFAULT_CONCURRENCY
    max_failures: int | None = None

    @property
    def journal(self) -> Path:
        """Where the journal is: beside the results."""
        return self.results.with_name(f"{self.results.name}.journal")

    def resume_command(self) -> str:
        """Return the command line that continues this run."""
        words = ["vetline", "bulk", "submit", str(self.file), "--results", str(self.results), "--resume"]
        words += ["--wait"] * self.wait
        words += _given("--wait-timeout", self.wait_timeout) + _given("--profile", self.profile)
        words += _given("--concurrency", self.concurrency if self.concurrency != DEFAULT_CONCURRENCY else None)
        return shlex.join(words + _given("--max-failures", self.max_failures))


def _given(name: str, value: object) -> list[str]:
    return [] if value is None else [name, f"{value:g}" if isinstance(value, float) else str(value)]


def refuse_paths(options: Options) -> None:
    """Check that the files can be read and written as the options say.

    Raises:
        JournalError: not so; the sentence says what to do.
        OSError: a file cannot be looked at.
    """
    if not options.file.exists():
        raise JournalError(f"There is no file {options.file}.")
    if not options.file.is_file():
        raise JournalError(f"{options.file} is no regular file: it is read more than once, so a pipe will not do.")
    if options.dry_run:
        return
    if not options.results.parent.is_dir():
        raise JournalError(f"There is no folder {options.results.parent}: make it, or give another --results.")
    _refuse_what_is_there(options)


def _refuse_what_is_there(options: Options) -> None:
    begun = read_header(options.journal) is not None
    if begun and not options.resume:
        raise JournalError(
            f"{options.journal} is the journal of an earlier run. Continue that run with --resume:\n"
            f"  {options.resume_command()}\nor give another --results to submit everything anew."
        )
    if options.results.exists() and not begun:
        raise JournalError(
            f"{options.results} is there already, without a journal of a run: move it away, or give another --results."
        )
