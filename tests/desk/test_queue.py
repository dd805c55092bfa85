"""The reviewers' queue over a real store."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.desk.rooms import RAE, SOL, Desks, desks, key_of, referred_case
from tests.store.records import approved, customer, moved, save
from tests.support.cold_store import ColdStore
from vetline.desk.queue import COUNTS_KEPT, COUNTS_SHOWN, Overview, Reviewer
from vetline.store.port import Store
from vetline.store.queue import Place, QueueCounts, QueueFilter, QueuePage
from vetline.vetting.service_level import due_date


@pytest.fixture
def room(store: Store) -> Desks:
    """The desks; the clock stands on a Wednesday at noon."""
    return desks(store)


class Counted(NamedTuple):
    """An overview with its counts."""

    counts: QueueCounts
    at: datetime | None
    mine: int


async def counted(room: Desks, actor: str = RAE.actor) -> Counted:
    """Return how much waits, when it is counted: that may take longer than anybody who looks is kept."""
    async with asyncio.timeout(30):
        while (found := await room.queue.overview(actor)).counts is None:
            continue
    return Counted(found.counts, found.at, found.mine)


async def test_pages_say_where_they_go_on(room: Desks) -> None:
    """Forwards to the end, and back to the beginning, where there is nothing before."""
    for number in range(7):
        await referred_case(room, number)
    pages, after = [], None
    while True:
        page = await room.queue.page(QueueFilter(), QueuePage(3, after=after))
        pages.append(page)
        after = page.after
        if after is None:
            break
    assert [[row.customer.id for row in page.rows] for page in pages] == [
        [customer(number).id for number in numbers] for numbers in ((0, 1, 2), (3, 4, 5), (6,))
    ]
    assert pages[0].before is None
    back = await room.queue.page(QueueFilter(), QueuePage(3, before=pages[2].before))
    assert back == pages[1]
    first = await room.queue.page(QueueFilter(), QueuePage(3, before=back.before))
    assert (first.rows, first.before, first.after) == (pages[0].rows, None, pages[0].after)


async def test_page_beyond_the_end_is_empty(room: Desks) -> None:
    """What was there when the link was made may be decided by now."""
    case = await referred_case(room, 1)
    assert case.submitted_at is not None
    last = Place(case.submitted_at, case.customer, case.partner, case.programme)
    page = await room.queue.page(QueueFilter(), QueuePage(3, after=last))
    assert (page.rows, page.before, page.after) == ((), None, None)


async def test_rows_say_what_is_overdue(room: Desks) -> None:
    """After three business days, the weekend not counted; the filter finds the same."""
    old = await referred_case(room, 1)
    room.clock.advance(days=1)
    await referred_case(room, 2)
    assert old.submitted_at is not None
    room.clock.advance(seconds=(due_date(old.submitted_at, 3) - room.clock.now()).total_seconds(), microseconds=1)
    page = await room.queue.page(QueueFilter(), QueuePage(9))
    assert [(row.customer.id, row.overdue) for row in page.rows] == [(customer(1).id, True), (customer(2).id, False)]
    late = await room.queue.page(QueueFilter(), QueuePage(9), overdue=True)
    assert [row.customer.id for row in late.rows] == [customer(1).id]
    assert (await counted(room)).counts.overdue == 1
    given = await room.queue.take_next(QueueFilter(), SOL, overdue=True)
    assert given is not None
    assert await room.queue.take_next(QueueFilter(), SOL, overdue=True) is None


async def test_who_is_second_learns_who_was_first(room: Desks) -> None:
    """With name and since when; taking over has to name whom."""
    case = await referred_case(room, 1)
    key = key_of(case)
    mine = await room.queue.take(key, RAE)
    assert mine is not None
    assert (mine.actor, mine.name, mine.since) == (RAE.actor, "Rae", room.clock.now())
    assert await room.queue.take(key, SOL) == mine
    assert await room.queue.take(key, SOL, instead_of="reviewer:somebody") == mine
    room.clock.advance(seconds=5)
    taken = await room.queue.take(key, SOL, instead_of=RAE.actor)
    assert taken is not None
    assert (taken.actor, taken.since) == (SOL.actor, room.clock.now())
    assert await room.queue.give_back(key, RAE.actor) == taken
    assert await room.queue.give_back(key, SOL.actor) is None
    assert await room.queue.give_back(key, SOL.actor) is None


async def test_of_many_who_take_a_case_one_has_it(room: Desks) -> None:
    """And all of them are told the same."""
    case = await referred_case(room, 1)
    people = [Reviewer(f"reviewer:{number}", str(number)) for number in range(16)]
    found = await asyncio.gather(*(room.queue.take(key_of(case), one) for one in people))
    assert len({one.actor for one in found if one}) == 1
    assert None not in found


async def test_what_is_decided_cannot_be_taken(room: Desks) -> None:
    """It waits for nobody."""
    case = await referred_case(room, 1)
    await save(room.store, *moved(approved(case)))
    assert await room.queue.take(key_of(case), RAE) is None


def _counting() -> "list[asyncio.Task[object]]":
    return [task for task in asyncio.all_tasks() if task.get_name() == "counts"]


async def test_counts_are_kept_for_some_seconds_and_say_from_when(room: Desks) -> None:
    """They are counted anew beside whoever looks, and seen at the next look; one's own number is never old."""
    case = await referred_case(room, 1)
    first = await counted(room)
    assert (first.counts.total, first.at, first.mine) == (1, room.clock.now(), 0)
    await referred_case(room, 2)
    await room.queue.take(key_of(case), RAE)
    room.clock.advance(seconds=COUNTS_KEPT.total_seconds(), microseconds=-1)
    kept = await room.queue.overview(RAE.actor)
    assert (kept.counts, kept.at, kept.mine) == (first.counts, first.at, 1)
    assert _counting() == []
    room.clock.advance(microseconds=1)
    assert (await room.queue.overview(RAE.actor)).at == first.at
    if counting := _counting():
        await asyncio.wait(counting, timeout=30)
    fresh = await counted(room)
    assert (fresh.counts.total, fresh.at) == (2, room.clock.now())


async def test_counts_of_long_ago_are_not_shown(room: Desks) -> None:
    """Nobody looked for a while, or the clock went back: they are counted anew for all who come then."""
    await referred_case(room, 1)
    await counted(room)
    await referred_case(room, 2)
    for change in (COUNTS_SHOWN, -timedelta(seconds=1)):
        room.clock.advance(seconds=change.total_seconds())
        both = await asyncio.gather(*(counted(room, who) for who in (RAE.actor, "reviewer:sol")))
        assert [(one.counts.total, one.at) for one in both] == [(2, room.clock.now())] * 2


async def test_queue_is_there_while_nothing_can_be_counted(tmp_path: Path) -> None:
    """With one's own number; the counts come when they can be had, and go when they are too old."""
    store = ColdStore(tmp_path / "vetline.db", durable=False)
    room = desks(store)
    await room.queue.take(key_of(await referred_case(room, 1)), RAE)
    assert await room.queue.overview(RAE.actor) == Overview(mine=1)
    assert len((await room.queue.page(QueueFilter(), QueuePage(3))).rows) == 1
    store.is_cold = False
    assert (await counted(room)).counts.total == 1
    store.is_cold = True
    room.clock.advance(seconds=COUNTS_SHOWN.total_seconds())
    assert await room.queue.overview(RAE.actor) == Overview(mine=1)
    await store.close()


async def test_two_reviewers_who_work_side_by_side_share_the_queue(room: Desks) -> None:
    """They take the next one until none is left: each case once."""
    for number in range(40):
        await referred_case(room, number)
    taken: Counter[str] = Counter()

    async def work(who: Reviewer) -> None:
        while given := await room.queue.take_next(QueueFilter(), who):
            taken[given.case.customer] += 1

    await asyncio.gather(*(work(who) for who in (RAE, SOL, Reviewer("reviewer:kim", "Kim"))))
    assert (len(taken), set(taken.values())) == (40, {1})
