"""Draws tables. On a terminal long texts fold; identifiers never do, so that they can be copied whole."""

import io
import os
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2
_SHORTEST = 12


def drawn(columns: Sequence[str], rows: Sequence[Sequence[str]], *, terminal: bool) -> str:
    """Return a table as text.

    Parameters:
        columns: the names above.
        rows: the cells, each in one line and harmless already.
        terminal: whether a terminal shows it; otherwise nothing folds and nothing is coloured.
    """
    return _for_terminal(columns, rows) if terminal else _for_pipe(columns, rows)


def _for_pipe(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, *rows]
    widths = _widths(lines)
    return "".join(_padded(line, widths).rstrip() + "\n" for line in lines)


def _padded(line: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(cell + " " * (width - cell_len(cell) + _GAP) for cell, width in zip(line, widths, strict=True))


def _for_terminal(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = _widths([columns, *rows])
    table = Table(box=None, padding=(0, _GAP, 0, 0), show_edge=False, header_style="bold")
    least = 0
    for place, name in enumerate(columns):
        whole = any(_is_identifier(row[place]) for row in rows)
        floor = widths[place] if whole else min(widths[place], _SHORTEST)
        least += floor + _GAP
        table.add_column(name, no_wrap=whole, overflow="fold", min_width=floor)
    for row in rows:
        # Text, not str: a company may be named "[bold]".
        table.add_row(*(Text(cell) for cell in row))
    return _rendered(table, least)


def _rendered(table: Table, least: int) -> str:
    shown = io.StringIO()
    width = max(Console().width, least)
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    Console(file=shown, width=width, force_terminal=colour, highlight=False).print(table)
    return "".join(f"{line.rstrip()}\n" for line in shown.getvalue().splitlines())


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, column)) for column in zip(*lines, strict=True)]


def _is_identifier(cell: str) -> bool:
    """Whether a cell is one word with a digit and a dash in it, such as a GUID or a date."""
    return len(cell) >= _SHORTEST and " " not in cell and "-" in cell and any(map(str.isdigit, cell))
