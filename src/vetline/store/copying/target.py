"""The PostgreSQL database that is copied into. Until it holds all, a table of ours marks it, and nobody serves it.

A batch is one COPY, which is done wholly or not at all. So what the tables hold says how far the copy is; there is no
other record of it that could disagree.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final
from uuid import UUID

import asyncpg

from vetline.store.copying.checksums import checksum_sql
from vetline.store.copying.outcomes import Compared, CopyConflictError, Row, Tally
from vetline.store.copying.source import Table
from vetline.store.port import UnavailableError
from vetline.store.postgres.failures import meaning_of
from vetline.store.postgres.schema import is_unfinished, migrate, migrations, opened, version_of
from vetline.store.postgres.servers import Connection
from vetline.store.sqlite.rows import moment
from vetline.store.statements import statements

SQL: Final = statements("copying")
_BATCH_SECONDS: Final = 120.0
# A table is summed up by reading it from its first row to its last.
_SUM_SECONDS: Final = 3_600.0

_CONVERTED: Final[dict[str, Callable[[Any], Any]]] = {
    "uuid": lambda raw: UUID(bytes=raw),
    "timestamp with time zone": moment,
}


class Target:
    """A database that nobody else copies into; use `opened_target`.

    Parameters:
        connection: its only one.
        tables: what is copied.
    """

    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self._connection = connection
        self._tables = tables
        self._types: dict[str, dict[str, str]] = {}

    async def holds_other_data(self) -> bool:
        """Return whether it holds rows that no unfinished copy brought."""
        if await is_unfinished(self._connection):
            return False
        there = await self._column_types()
        known = [table.name for table in self._tables if table.name in there]
        return any([await self._connection.fetchval(f"SELECT EXISTS (SELECT FROM {name})") for name in known])  # noqa: S608

    async def is_up_to_date(self) -> bool:
        """Return whether its schema is this release's."""
        return (await version_of(self._connection)).number == len(migrations())

    async def begin(self) -> None:
        """Bring the schema up to date, and mark it as not finished.

        Raises:
            SchemaError: it is another release's or another program's.
        """
        await migrate(self._connection, migrations())
        await self._connection.execute(SQL["begin"])

    async def tally(self, table: Table) -> Tally:
        """Return what it has of a table."""
        if not self._types:
            self._types = await self._column_types()
        with _meant(table.name):
            types = {name: self._types[table.name][name] for name in table.columns}
            # The names are our own migrations'.
            statement = f"SELECT count(*), coalesce(sum({checksum_sql(types)}), 0) FROM {table.name}"  # noqa: S608
            rows, checksum = await self._connection.fetchrow(statement, timeout=_SUM_SECONDS)
        return Tally(rows, int(checksum))

    async def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows of a table: all of them, or none when this raises.

        Raises:
            CopyConflictError: one does not fit.
            UnavailableError: the database went away.
        """
        forms = [_CONVERTED.get(self._types[table.name][name]) for name in table.columns]
        with _meant(table.name):
            await self._connection.copy_records_to_table(
                table.name,
                records=(_converted(row, forms) for row in rows),
                columns=table.columns,
                timeout=_BATCH_SECONDS,
            )

    async def finish(self, found: Sequence[Tally]) -> list[Compared]:
        """Return every table on both sides; when all are the same the copy is finished, in the same transaction.

        Parameters:
            found: what the source has of each table.
        """
        names = ", ".join(table.name for table in self._tables)
        with _meant(names):
            await self._connection.execute(SQL["durable"])
            async with self._connection.transaction():
                await self._connection.execute(f"LOCK TABLE {names} IN SHARE MODE")
                compared = await self.compare(found)
                if all(one.same for one in compared):
                    await self._connection.execute(f"ANALYZE {names}", timeout=_SUM_SECONDS)
                    await self._connection.execute(SQL["finish"])
        return compared

    async def compare(self, found: Sequence[Tally]) -> list[Compared]:
        """Return every table on both sides."""
        pairs = zip(self._tables, found, strict=True)
        return [Compared(table.name, source, await self.tally(table)) for table, source in pairs]

    async def _column_types(self) -> dict[str, dict[str, str]]:
        types: dict[str, dict[str, str]] = {}
        for table, column, kind in await self._connection.fetch(SQL["column_types"]):
            types.setdefault(table, {})[column] = kind
        return types


@asynccontextmanager
async def opened_target(url: str, tables: Sequence[Table]) -> AsyncIterator[Target]:
    """Yield a database to copy into, which nobody else copies into meanwhile.

    Raises:
        ValueError: the URL cannot be read.
        CopyConflictError: another copy into it runs.
        SchemaError, UnavailableError: it cannot be used.
    """
    async with opened(url) as connection:
        await connection.execute(SQL["settings"])
        try:
            await connection.execute(SQL["keep_others_out"])
        except asyncpg.LockNotAvailableError as error:
            raise CopyConflictError("Another copy into this database is running. Let it end.") from error
        yield Target(connection, tables)


def _converted(row: Row, forms: Sequence[Callable[[Any], Any] | None]) -> Row:
    pairs = zip(row, forms, strict=True)
    return tuple([value if form is None or value is None else form(value) for value, form in pairs])


@contextmanager
def _meant(tables: str) -> Iterator[None]:
    """Say what an error of the driver means for a copy; what it says of a row's values is not passed on."""
    try:
        yield
    except asyncpg.LockNotAvailableError as error:
        raise CopyConflictError(
            "The database to copy into is in use. Stop what serves it, then run this again."
        ) from error
    except (ValueError, OverflowError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        raise CopyConflictError(
            f"A row of {tables} does not fit into the database to copy into ({type(error).__name__}). Stop whatever "
            "else writes there, and begin again with an empty database."
        ) from error
    except Exception as error:
        meaning = meaning_of(error)
        if meaning is error:
            raise
        raise UnavailableError(f"{meaning}. What was copied is kept: run the same command again.") from error
