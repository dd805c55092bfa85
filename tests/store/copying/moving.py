"""Installations to copy, copies that were interrupted, and what both sides hold, read without the code under test."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from tests.store.records import (
    A,
    B,
    answer,
    approved,
    at,
    customer,
    denied,
    moved,
    redeem,
    referred,
    save,
    with_cases,
    with_code,
    with_customers,
)
from tests.store.uploads import settled, with_upload
from tests.store.webhooks import with_registration
from vetline.store.copying.copy import copy
from vetline.store.copying.outcomes import Advance, Compared
from vetline.store.copying.source import Table, opened, tables
from vetline.store.copying.target import opened_target
from vetline.store.sqlite.rows import micros
from vetline.store.sqlite.store import SqliteStore
from vetline.store.uploads import RowState, Trouble

LEASE_UNTIL = at(10_000)


async def installation(path: Path) -> Path:
    """Make a database with something in every table: of two partners, decided and waiting, leased, redeemed."""
    store = SqliteStore(path)
    await with_registration(store)
    cases = await with_cases(store, range(1, 41))
    await with_cases(store, range(101, 104), B)
    waiting = [referred(case) for case in cases[:20]]
    await save(store, *moved(*waiting))
    await save(store, *moved(*(denied(one.case) for one in waiting[:5]), *(approved(one.case) for one in waiting[5:9])))
    for number in range(50):
        await save(store, remember=answer(number, (A, B)[number % 2], at(number)))
    await with_code(store)
    await with_customers(store, *(customer(number) for number in (201, 202)))
    for number in (202, 201):
        await redeem(store, number)
    assert len(await store.claim_due(at(1_000), LEASE_UNTIL, 3)) == 3
    await with_upload(store, range(1, 9))
    await save(store, settled(1), settled(2, RowState.FAILED, Trouble.UNEXPECTED))
    assert len(await store.uploads.claim(at(1_000), LEASE_UNTIL, 3)) == 1
    assert len(await store.webhooks.claim(at(1_000), LEASE_UNTIL, 3)) == 3
    await store.end_session(A, "of one person", LEASE_UNTIL)
    await store.close()
    return path


async def copied(path: Path, url: str) -> list[Compared]:
    """Copy, and return the comparison."""
    return await copy(path, url, Advance())


async def interrupted(path: Path, url: str, rows: int, whole: Sequence[str] = ()) -> None:
    """Begin a copy and let it end early.

    Parameters:
        rows: how many of each table it got.
        whole: of which tables it got all.
    """
    with opened(path) as source:
        async with opened_target(url, tables()) as target:
            await target.begin()
            for table in tables():
                await target.tally(table)
                some = islice(source.rows(table), None if table.name in whole else rows)
                await target.add(table, list(some))


def held_before(path: Path, table: Table) -> list[tuple[Any, ...]]:
    """Return what an SQLite file holds of a table, without leases, which are a worker's."""
    with closing(sqlite3.connect(path)) as connection:
        columns = ", ".join("NULL" if name == "lease_until" else name for name in table.columns)
        return sorted(connection.execute(f"SELECT {columns} FROM {table.name}").fetchall(), key=repr)


async def held_now(url: str, table: Table) -> list[tuple[Any, ...]]:
    """Return what a PostgreSQL database holds of a table, as SQLite would keep it."""
    rows = await ask(url, f"SELECT {', '.join(table.columns)} FROM {table.name}")
    return sorted((tuple(map(_as_kept, row)) for row in rows), key=repr)


def _as_kept(value: Any) -> Any:
    return value.bytes if isinstance(value, UUID) else micros(value) if isinstance(value, datetime) else value


async def assert_moved(path: Path, url: str) -> None:
    """Both sides hold the same, and the copy is finished."""
    for table in tables():
        assert await held_now(url, table) == held_before(path, table), table.name
    assert await ask(url, "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename ~ 'copying'") == []


def change(path: Path, statement: str, *values: object) -> None:
    """Change an SQLite file behind everybody's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


async def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement in a PostgreSQL database."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
