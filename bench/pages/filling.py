"""Fills a database with customers, their cases and uploads, through the store itself and in large changes."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, zip_longest

from bench.pages import uploads
from bench.pages.cases import Life, life
from bench.pages.customers import customer
from bench.progress import progressing
from bench.seeding import CHUNK, add_customers
from vetline.store.changes import CaseAssigned, CaseMoved, Change, Effect, RowAdded, UploadBegun, UploadMoved
from vetline.store.port import Store
from vetline.store.queue import CaseKey
from vetline.store.uploads import UploadState
from vetline.vetting.decision import Decision
from vetline.wiring import open_store

# Nobody works an upload off that somebody else seems to have in hand.
_LEASE = timedelta(days=365)


def fill(database_url: str, customers: int, now: datetime) -> None:
    """Put so many customers into an empty database, with the cases of those that have one, and a partner's uploads.

    Parameters:
        now: when it is; the cases have ages.
    """
    add_customers(database_url, 0, customers, customer)
    asyncio.run(_add(database_url, customers, now))


async def _add(database_url: str, customers: int, now: datetime) -> None:
    store = await open_store(database_url)
    for first in progressing(range(0, customers, CHUNK), f"Adding the cases of {customers:,} customers"):
        numbers = range(first, min(first + CHUNK, customers))
        for effects in _layers([found for number in numbers if (found := life(number, now))]):
            await store.save(Change(effects))
    for given in uploads.GIVEN:
        await _add_upload(store, given, customers, now)
    await store.uploads.claim(now, now + _LEASE, 1)
    await store.close()


async def _add_upload(store: Store, given: uploads.Given, customers: int, now: datetime) -> None:
    begun = uploads.upload(given, now)
    await store.save(Change((UploadBegun(begun),)))
    rows = uploads.rows(given, customers)
    for _ in progressing(range(0, uploads.ROWS, CHUNK), f"Adding an upload that is {given.name}"):
        await store.save(Change(tuple(map(RowAdded, islice(rows, CHUNK)))))
    await store.save(Change((UploadMoved(begun.partner, begun.id, UploadState.PARTIAL, given.state),)))


def _layers(lives: list[Life]) -> Iterator[tuple[Effect, ...]]:
    """Yield what can be saved at once: one step of each case, and who has it at the end."""
    for steps in zip_longest(*(one.steps for one in lives)):
        yield tuple(CaseMoved(step.case, step.event) for step in steps if step)
    yield tuple(CaseAssigned(_key(one.steps[-1]), "", one.assignment) for one in lives if one.assignment)


def _key(step: Decision) -> CaseKey:
    return CaseKey(step.case.partner, step.case.customer, step.case.programme)
