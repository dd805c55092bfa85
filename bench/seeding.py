"""A sandbox's data folder with as many customers as are wanted, made in seconds through the store itself."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from bench.progress import progressing
from vetline.sandbox.contents.register import is_empty, seed, seeded_customers
from vetline.sandbox.contents.seeds import seeded_directory
from vetline.store.changes import Change, CustomerAdded
from vetline.store.records import Customer
from vetline.wiring import open_store

CHUNK = 2_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)

# Makes the n-th customer.
CustomerOf = Callable[[int], Customer]

_TEMPLATE = seeded_customers(seeded_directory().partners, NOW)[0]


def customer_id(number: int) -> str:
    """Return the id of the n-th such customer."""
    return f"00000000-0000-4000-8000-{number:012x}"


def plain_customer(number: int) -> Customer:
    """Return the n-th customer: all are alike."""
    return replace(_TEMPLATE, id=customer_id(number), company_name=f"Customer {number:09d}")


def seed_customers(folder: Path, number: int, customer: CustomerOf = plain_customer) -> None:
    """Make a sandbox's data folder with so many customers of Contoso."""
    folder.mkdir(parents=True, exist_ok=True)
    add_customers(f"sqlite:///{folder / 'vetline.db'}", 0, number, customer)


def add_customers(database_url: str, first: int, end: int, customer: CustomerOf = plain_customer) -> None:
    """Add the customers from the first up to the end to a database, and what a sandbox begins with to an empty one."""
    asyncio.run(_add(database_url, first, end, customer))


async def _add(database_url: str, first: int, end: int, customer: CustomerOf) -> None:
    store = await open_store(database_url)
    if await is_empty(store, seeded_directory()):
        await seed(store, seeded_directory(), NOW)
    for chunk in progressing(range(first, end, CHUNK), f"Adding {end - first:,} customers"):
        added = (CustomerAdded(customer(each)) for each in range(chunk, min(chunk + CHUNK, end)))
        await store.save(Change(tuple(added)))
    await store.close()
