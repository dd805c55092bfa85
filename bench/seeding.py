"""A sandbox's data folder with as many customers as are wanted, made in seconds through the store itself."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from vetline.sandbox.register import seed, seeded_customers
from vetline.store.changes import Change, CustomerAdded
from vetline.store.records import Customer
from vetline.store.sqlite.store import SqliteStore

CHUNK = 2_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def customer_id(number: int) -> str:
    """Return the id of the n-th such customer."""
    return f"00000000-0000-4000-8000-{number:012x}"


def seed_customers(folder: Path, number: int) -> None:
    """Make a sandbox's data folder with so many customers of Contoso."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_seed(folder / "vetline.db", number))


async def _seed(path: Path, number: int) -> None:
    store = SqliteStore(path)
    await seed(store, NOW)
    template = seeded_customers(NOW)[0]
    for first in range(0, number, CHUNK):
        added = (CustomerAdded(_customer(template, each)) for each in range(first, min(first + CHUNK, number)))
        await store.save(Change(tuple(added)))
    await store.close()


def _customer(template: Customer, number: int) -> Customer:
    return replace(template, id=customer_id(number), company_name=f"Customer {number:09d}")
