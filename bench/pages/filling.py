"""Fills a database with customers and their cases, through the store itself and in large changes."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest

from bench.pages.cases import Life, life
from bench.pages.customers import customer
from bench.progress import progressing
from bench.seeding import CHUNK, add_customers
from vetline.store.changes import CaseAssigned, CaseMoved, Change, Effect
from vetline.store.queue import CaseKey
from vetline.vetting.decision import Decision
from vetline.wiring import open_store


def fill(database_url: str, customers: int, now: datetime) -> None:
    """Put so many customers into an empty database, with the cases of those that have one.

    Parameters:
        now: when it is; the cases have ages.
    """
    add_customers(database_url, 0, customers, customer)
    asyncio.run(_add_cases(database_url, customers, now))


async def _add_cases(database_url: str, customers: int, now: datetime) -> None:
    store = await open_store(database_url)
    for first in progressing(range(0, customers, CHUNK), f"Adding the cases of {customers:,} customers"):
        numbers = range(first, min(first + CHUNK, customers))
        for effects in _layers([found for number in numbers if (found := life(number, now))]):
            await store.save(Change(effects))
    await store.close()


def _layers(lives: list[Life]) -> Iterator[tuple[Effect, ...]]:
    """Yield what can be saved at once: one step of each case, and who has it at the end."""
    for steps in zip_longest(*(one.steps for one in lives)):
        yield tuple(CaseMoved(step.case, step.event) for step in steps if step)
    yield tuple(CaseAssigned(_key(one.steps[-1]), "", one.assignment) for one in lives if one.assignment)


def _key(step: Decision) -> CaseKey:
    return CaseKey(step.case.partner, step.case.customer, step.case.programme)
