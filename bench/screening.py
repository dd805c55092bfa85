"""The worker alone: cases screened a second, from the claim to the decision on disk, on the processor of the server."""

import asyncio
import time
from datetime import timedelta

from msgspec.structs import replace

from bench.institutions import Institutions
from bench.processes import SERVER_CORE, BenchError, pinned
from bench.seeding import CHUNK, NOW
from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.reference.library import ReferenceLibrary
from vetline.sandbox.contents.seeds import CONTOSO_TENANT
from vetline.store.changes import CaseMoved, Change, CustomerAdded, Effect
from vetline.store.port import Store
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event, Step
from vetline.vetting.words import Programme, Segment, Stage
from vetline.wiring import furnish, open_store


def screening_rate(database_url: str, number: int, rounds: int) -> list[float]:
    """Return how many cases were screened a second, in each round; each has so many fresh cases.

    Raises:
        BenchError: some were not screened.
    """
    with pinned(SERVER_CORE):
        return asyncio.run(_rates(database_url, number, rounds))


async def _rates(database_url: str, number: int, rounds: int) -> list[float]:
    store, institutions = await open_store(database_url), Institutions()
    rooms = furnish(store, SystemClock(), ReferenceLibrary(), Choices())
    found = []
    await _add_cases(store, institutions, 0, CHUNK)
    await rooms.worker.run_until_idle()  # loads the reference data
    for first in range(CHUNK, CHUNK + rounds * number, number):
        await _add_cases(store, institutions, first, first + number)
        begun = time.perf_counter()
        await rooms.worker.run_until_idle()
        found.append(number / (time.perf_counter() - begun))
    screening, _ = await store.waiting()
    await store.close()
    if screening:
        raise BenchError(f"{screening} cases were not screened")
    return found


async def _add_cases(store: Store, institutions: Institutions, first: int, end: int) -> None:
    for chunk in range(first, end, CHUNK):
        effects: list[Effect] = []
        for number in range(chunk, min(chunk + CHUNK, end)):
            effects += [CustomerAdded(institutions.customer(number)), _submitted(institutions, number)]
        await store.save(Change(tuple(effects)))


def _submitted(institutions: Institutions, number: int) -> CaseMoved:
    customer, claim = institutions.customer(number), Claim(Segment.HIGHER, institutions.website(number))
    fresh = Case(CONTOSO_TENANT, customer.id, Programme.EDUCATION)
    due = NOW - timedelta(days=1)
    case = replace(fresh, stage=Stage.SCREENING, attempt=1, claim=claim, submitted_at=due, due_at=due, version=1)
    return CaseMoved(case, Event(Step.SUBMIT, Stage.SCREENING, due, "partner:bench", 1, claim=claim))
