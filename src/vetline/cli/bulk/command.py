"""The command: `vetline bulk submit`. What it needs is imported when it runs, so that `--help` answers at once."""

from pathlib import Path
from typing import Annotated

import typer

from vetline.cli.options import ProfileOption, examples, group

bulk = group("bulk", "Many customers at once, from a CSV file.")

DEFAULT_CONCURRENCY = 16
# The client holds as many connections; more would only queue behind them.
MAX_CONCURRENCY = 100

InputFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="CSV: customer_id,qualification,education_segment,website,validation_code.",
        show_default=False,
    ),
]
ResultsFile = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="Where the results go: CSV, itself a valid input. The journal is beside it.",
        show_default=False,
    ),
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until every row is approved or denied.")]
WaitTimeout = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help="Wait for so many seconds at most.", min=0, show_default=False),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where an earlier run stopped, and try failed rows again.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every row and send nothing.")]
Concurrency = Annotated[
    int,
    typer.Option(help="Requests at once, at most; fewer when the service asks for it.", min=1, max=MAX_CONCURRENCY),
]
MaxFailures = Annotated[int | None, typer.Option(help="Stop when so many rows have failed.", min=1, show_default=False)]


@bulk.callback()
def _group() -> None:
    """Many customers at once, from a CSV file."""


@bulk.command(
    epilog=examples(
        "vetline bulk submit customers.csv --results results.csv --dry-run   # is the file all right?",
        "vetline bulk submit customers.csv --results results.csv --wait",
        "vetline bulk submit customers.csv --results results.csv --wait --resume",
    )
)
def submit(
    file: InputFile,
    results: ResultsFile,
    wait: Wait = False,
    wait_timeout: WaitTimeout = None,
    resume: Resume = False,
    dry_run: DryRun = False,
    concurrency: Concurrency = DEFAULT_CONCURRENCY,
    max_failures: MaxFailures = None,
    profile: ProfileOption = None,
) -> None:
    """Submit the qualifications in a CSV file, each row exactly once, whatever interrupts it.

    Every row is checked before the first is sent. Failures do not stop the rest. After Ctrl-C, a crash or a power cut,
    the same command with --resume goes on: nothing is sent twice.

    Exit codes: 0 done (a denial is an outcome), 1 some rows failed, 2 wrong input, 3 stopped early, 7 --wait-timeout
    has passed, 130 interrupted.
    """
    from vetline.cli.bulk.options import Options
    from vetline.cli.bulk.run import submit_file
    from vetline.cli.session import open_async
    from vetline.clock import SystemClock

    options = Options(
        file=file,
        results=results,
        profile=profile,
        wait=wait,
        wait_timeout=wait_timeout,
        resume=resume,
        dry_run=dry_run,
        concurrency=concurrency,
        max_failures=max_failures,
    )
    raise typer.Exit(submit_file(options, lambda: open_async(profile), SystemClock()))
