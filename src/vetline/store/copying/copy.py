"""The copy itself: table by table, in batches, and compared at the end.

A run that goes on first makes sure that what the target holds is still what the source begins with; then it goes on
where that ends. So it does not matter when the run before was killed, nor whether anybody served the source meanwhile:
the target ends with what the source holds, or the copy says that it cannot.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from vetline.store.copying.outcomes import Advance, Compared, CopyConflictError, Row, Tally
from vetline.store.copying.source import Source, Table, opened, tables
from vetline.store.copying.target import Target, opened_target

# What a batch may hold, so that memory stays small whatever the rows are.
MAX_ROWS: Final = 2_000
MAX_BYTES: Final = 4 * 1024 * 1024


async def copy(path: Path, url: str, advance: Advance) -> list[Compared]:
    """Copy an SQLite file into a PostgreSQL database, or go on with it, and return every table on both sides.

    The copy is finished when all of them are the same. One that was finished before is only compared.

    Parameters:
        advance: is kept up to date.

    Raises:
        ValueError: the URL cannot be read.
        CopyConflictError: one of the databases is in use, or they do not go together.
        SchemaError, UnavailableError: one of them cannot be used.
    """
    carried = tables()
    with opened(path) as source:
        advance.total = sum(source.count(table) for table in carried)
        async with opened_target(url, carried) as target:
            if await target.holds_other_data():
                return await _finished_before(source, target, carried, advance)
            await target.begin()
            return await target.finish([await _carry(source, target, table, advance) for table in carried])


async def _carry(source: Source, target: Target, table: Table, advance: Advance) -> Tally:
    """Copy what is missing of a table, and return what the source has of it."""
    advance.table = table.name
    there, rows = await target.tally(table), source.rows(table)
    found = await _summed(islice(rows, there.rows), advance)
    if found != there:
        raise CopyConflictError(
            f"The {table.name} in the database to copy into are not those that the source begins with: one of the two "
            "has changed since this copy began. Begin again with an empty database."
        )
    for batch in batches(rows):
        # Summed up while PostgreSQL is at work on it.
        _, found = await asyncio.gather(target.add(table, batch), asyncio.to_thread(found.plus, batch))
        advance.done += len(batch)
    return found


async def _summed(rows: Iterator[Row], advance: Advance) -> Tally:
    found = Tally()
    for batch in batches(rows):
        found = found.plus(batch)
        advance.done += len(batch)
        await asyncio.sleep(0)  # whoever shows the progress has a turn
    return found


async def _finished_before(
    source: Source, target: Target, carried: Sequence[Table], advance: Advance
) -> list[Compared]:
    """Return the comparison with a database that holds the same; a run may be killed after its last transaction."""
    if await target.is_up_to_date():
        compared = await target.compare([await _summed(source.rows(table), advance) for table in carried])
        if all(one.same for one in compared):
            return compared
    raise CopyConflictError(
        "The database to copy into holds other data already. Give --to an empty database, or an empty schema of one "
        "with ?search_path=NAME."
    )


def batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield rows by batches that are bounded in number and size."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if len(batch) == MAX_ROWS or size >= MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
