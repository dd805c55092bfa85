"""What a person sees: problems and notes on stderr, the summary on stdout. A terminal obeys nothing of it."""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vetline.bulk.checking import SHOWN, Findings
from vetline.bulk.results import Tally
from vetline.cli.cells import harmless
from vetline.cli.output import note

# More kinds than that say nothing to a person; the results file has them all.
_MAX_KINDS = 40


def show_problems(name: str, findings: Findings) -> None:
    """Say what is wrong with the input of that name."""
    for problem in sorted(findings.first, key=lambda one: one.line):
        note(f"{name}, line {problem.line}: {problem.sentence}")
    if findings.count > SHOWN:
        note(f"... and {findings.count - SHOWN:,} more.")
    note(f"{findings.count:,} problem{'s' * (findings.count != 1)}: nothing was sent.")


def show_summary(tally: Tally, results: Path, journal: Path) -> None:
    """Print how many rows have each outcome and reason, and where the files are."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(_table(tally))
    for name, path in (("Results", results), ("Journal", journal)):
        console.print(Text(f"{name}: {harmless(str(path))}"), soft_wrap=True)


def _table(tally: Tally) -> Table:
    table = Table(show_footer=True)
    table.add_column("Outcome", "all")
    table.add_column("Reason", "", overflow="fold")
    table.add_column("Rows", f"{tally.total():,}", justify="right")
    kinds = sorted(tally.items(), key=lambda kind: (kind[0][0].word, -kind[1]))
    for (outcome, reason), rows in kinds[:_MAX_KINDS]:
        table.add_row(outcome.word, Text(harmless(reason)), f"{rows:,}")
    if len(kinds) > _MAX_KINDS:
        table.add_row("...", "", f"{sum(rows for _, rows in kinds[_MAX_KINDS:]):,}")
    return table
