"""The review desk's figures: what somebody would count by hand, shared by all who look, and let go of at the end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.desk.histories import DAYS, NOW, Life, assert_counted, live, lives
from tests.store.records import approved, customer, moved, referred, save, submitted, with_customers
from tests.support.postgres import PostgresServer
from vetline.desk.figures import FiguresDesk
from vetline.desk.summing import Figures
from vetline.store.happenings import Happenings
from vetline.store.port import Store, UnavailableError
from vetline.store.postgres.store import PostgresStore
from vetline.store.sqlite.store import SqliteStore

SOON = 0.01
IN_TIME = 20.0


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment


@pytest.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store of each kind."""
    store: Store
    if request.param == "sqlite":
        store = SqliteStore(tmp_path / "vetline.db", durable=False)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        store = await PostgresStore.open(server.fresh())
    yield store
    await store.close()


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
async def desk(store: SqliteStore, clock: Clock) -> AsyncIterator[FiguresDesk]:
    """A desk that looks often."""
    found = FiguresDesk(store, clock, SOON)
    yield found
    found.close()


async def _first(desk: FiguresDesk, days: int = DAYS) -> Figures:
    async with asyncio.timeout(IN_TIME), contextlib.aclosing(desk.watch(days)) as watching:
        return await anext(watching)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(chosen=lives)
async def test_figures_are_what_somebody_counts(either: Store, chosen: Sequence[Life]) -> None:
    """Over all partners and programmes, whatever happened, on both stores."""
    await either.erase()
    cases = await live(either, chosen)
    desk = FiguresDesk(either, Clock())
    await assert_counted(either, cases, await _first(desk))
    desk.close()


async def test_there_are_none_before_the_first_look(desk: FiguresDesk) -> None:
    """Whoever asks gets an answer at once; asking is what has them looked at."""
    assert desk.latest(30) is None
    found = await _first(desk, 30)
    assert desk.latest(30) is found
    assert len(found.days) == 30


async def test_other_windows_are_refused(desk: FiguresDesk) -> None:
    """Nobody can have a thousand years read."""
    with pytest.raises(KeyError):
        desk.latest(365_000)


async def test_whoever_watches_sees_what_happens(desk: FiguresDesk, store: SqliteStore) -> None:
    """As often as they are looked at; several watch the same."""
    async with asyncio.timeout(IN_TIME):
        one, other = desk.watch(7), desk.watch(7)
        assert await anext(one) is await anext(other)
        await with_customers(store, customer())
        await save(store, *moved(submitted(customer(), moment=NOW)))
        async for found in one:
            if found.days[-1].submitted:
                break
        assert (found.days[-1].waiting, found.screening) == (1, 1)
        await one.aclose()
        await other.aclose()


async def test_what_is_over_is_kept_and_what_is_not_is_read_again(desk: FiguresDesk, store: SqliteStore) -> None:
    """A decision of this hour is seen; the days before stand."""
    await with_customers(store, customer())
    first = submitted(customer(), moment=NOW - timedelta(days=3))
    second = referred(first.case, NOW - timedelta(days=2))
    await save(store, *moved(first, second))
    assert (await _first(desk)).reviewing == 1
    await save(store, *moved(approved(second.case, NOW)))
    async with asyncio.timeout(IN_TIME):
        async for found in desk.watch(DAYS):
            if not found.reviewing:
                break
    assert [day.waiting for day in found.days] == [0, 0, 0, 1, 1, 1, 0]
    assert found.days[-1].by_people == 1


async def test_day_that_ends_is_taken_along(desk: FiguresDesk, store: SqliteStore, clock: Clock) -> None:
    """At midnight another day begins, and the first one leaves the window."""
    await with_customers(store, customer())
    await save(store, *moved(submitted(customer(), moment=NOW)))
    before = await _first(desk)
    clock.moment += timedelta(days=1)
    async with asyncio.timeout(IN_TIME):
        async for found in desk.watch(DAYS):
            if found.days[-1].day != before.days[-1].day:
                break
    assert [day.submitted for day in found.days] == [0, 0, 0, 0, 0, 1, 0]


async def test_past_that_was_made_fresh_is_forgotten(desk: FiguresDesk, store: SqliteStore) -> None:
    """A sandbox that is reset has had no yesterday."""
    await with_customers(store, customer())
    await save(store, *moved(submitted(customer(), moment=NOW - timedelta(days=2))))
    assert (await _first(desk)).days[4].submitted == 1
    await store.erase()
    desk.forget()
    assert (await _first(desk)).days[4].submitted == 0


async def test_end_of_the_service_lets_everybody_go(desk: FiguresDesk) -> None:
    """Also who has seen nothing yet, and who comes later."""

    async def watch() -> int:
        return len([found async for found in desk.watch(90)])

    watching = [asyncio.create_task(watch()) for _ in range(3)]
    await asyncio.sleep(0)
    desk.close()
    async with asyncio.timeout(IN_TIME):
        await asyncio.gather(*watching)
        assert await watch() == 0


class Falling(SqliteStore):
    """A store that cannot be read for a while, as when its disk is away."""

    away = False

    async def happenings(self, since: datetime, until: datetime) -> Happenings:
        """Say what happened, or that it cannot be said."""
        if self.away:
            raise UnavailableError("the disk is away")
        return await super().happenings(since, until)


async def test_outage_leaves_what_was_seen_last(tmp_path: Path, clock: Clock) -> None:
    """And after it there is news again."""
    store = Falling(tmp_path / "vetline.db", durable=False)
    desk = FiguresDesk(store, clock, SOON)
    first = await _first(desk)
    store.away = True
    async with asyncio.timeout(IN_TIME), contextlib.aclosing(desk.watch(DAYS)) as watching:
        assert await anext(watching) is first
        news = asyncio.ensure_future(anext(watching))
        assert not (await asyncio.wait([news], timeout=20 * SOON))[0]
        assert desk.latest(DAYS) is first
        store.away = False
        assert await news is not first
    desk.close()
    await store.close()
