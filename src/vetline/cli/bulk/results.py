"""The results file: every row of the input in its order, with what became of it.

Written whole beside its place, flushed to the disk, and then renamed: there is the old file or the new one, never half.
"""

from collections.abc import Iterable
from pathlib import Path

from vetline.bulk.results import header_line, result_line
from vetline.bulk.rows import Row
from vetline.cli.bulk.disk import replacing
from vetline.cli.bulk.journal import Journal


def write_results(path: Path, rows: Iterable[Row], journal: Journal) -> None:
    """Write the results.

    Parameters:
        path: where; an earlier file is replaced.
        rows: all rows of the input.
        journal: what became of them.

    Raises:
        OSError: it cannot be written.
        InputError: the input is not the one that was checked any more.
    """
    with replacing(path) as file:
        file.write(header_line())
        file.writelines(result_line(row.cells, journal.entry(row.number)) for row in rows)
