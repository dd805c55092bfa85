"""A row's checksum is the same here and inside PostgreSQL, and no two rows are written alike."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.postgres import PostgresServer
from vetline.store.copying.checksums import checksum, checksum_sql
from vetline.store.sqlite.rows import moment

TYPES = {
    "a": "uuid",
    "b": "timestamp with time zone",
    "c": "bytea",
    "d": "text",
    "e": "text",
    "f": "integer",
    "g": "bigint",
}
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
# Without the very first and the very last moment that Python knows: to the driver those are infinite.
MICROSECONDS = st.integers(-62_135_596_799_999_999, 253_402_300_799_999_998)
ROWS = st.tuples(
    st.binary(min_size=16, max_size=16),
    *(
        st.none() | kind
        for kind in (
            MICROSECONDS,
            st.binary(),
            TEXTS,
            TEXTS,
            st.integers(-(2**31), 2**31 - 1),
            st.integers(-(2**63), 2**63 - 1),
        )
    ),
)
NAMED = ", ".join(f"(${place}::{kind}) AS {name}" for place, (name, kind) in enumerate(TYPES.items(), 1))


@settings(max_examples=40)
@given(rows=st.lists(ROWS, min_size=1, max_size=20))
def test_postgresql_computes_the_same(postgres: PostgresServer, rows: list[tuple[Any, ...]]) -> None:
    """For every value that both stores can keep."""
    assert asyncio.run(_computed(postgres.url(), rows)) == [checksum(row) for row in rows]


async def _computed(url: str, rows: list[tuple[Any, ...]]) -> list[int]:
    connection = await asyncpg.connect(url)
    try:
        query = await connection.prepare(f"SELECT {checksum_sql(TYPES)} FROM (SELECT {NAMED}) AS one")
        return [await query.fetchval(UUID(bytes=a), None if b is None else moment(b), *more) for a, b, *more in rows]
    finally:
        await connection.close()


@given(ROWS, ROWS)
def test_different_rows_have_different_checksums(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    """Also when the values only lie differently between the columns."""
    assert (checksum(one) == checksum(other)) is (one == other)
    moved = (*one[:3], f"{one[3] or ''}{one[4] or ''}", "", *one[5:])
    assert (checksum(one) == checksum(moved)) is (one == moved)
