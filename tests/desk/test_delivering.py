"""Delivering events: ten attempts with growing pauses, then parked; over a real store, to a real receiver."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.sandbox.clock import HandClock
from tests.store.records import A, B, guid, save
from tests.store.webhooks import registration
from tests.support.answering import Answering, Said
from vetline.api.metrics import Metrics
from vetline.desk.delivering import ATTEMPTS, LEASE, PAUSES, Arrangement, Attempted, Delivering, Plain, Policy, settled
from vetline.store.changes import EventTold, WebhookAdded, WebhookChanged
from vetline.store.port import Store
from vetline.store.sqlite.store import SqliteStore
from vetline.store.webhooks import Delivery, DeliveryQuery, DeliveryState, Kind, Registration
from vetline.webhooks.addresses import LOOPBACK
from vetline.webhooks.destinations import Gate
from vetline.webhooks.messages import Message, Outcome
from vetline.webhooks.posting import Poster
from vetline.worker.deliveries import KEPT, OldDeliveriesDuty

WAITING, DELIVERED, PARKED = DeliveryState


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A fresh, empty store."""
    found = SqliteStore(tmp_path / "vetline.db")
    yield found
    await found.close()


def compose(delivery: Delivery, wanted: Registration, now: datetime) -> Message:
    """Return a message that names the delivery."""
    return Message(wanted.url, {}, delivery.id.encode())


def delivering(
    store: Store, clock: HandClock, policy: Policy | None = None, attempted: Attempted = lambda _: None
) -> Delivering:
    """Return what is tried."""
    return Delivering(store, clock, compose, Poster(Gate(LOOPBACK, plain=True)), policy or Plain(), attempted)


async def told(store: Store, clock: HandClock, url: str, count: int = 1, partner: str = A) -> list[Delivery]:
    """Have a partner registered at a URL, and told of some events that happened one after the other."""
    await save(store, WebhookAdded(registration(partner, url=url)))
    moments = [clock.now() + timedelta(microseconds=number) for number in range(count)]
    ids = [guid(number, "d") for number in range(count)]
    events = [Delivery(partner, one, Kind.TEST, at, clock.now()) for one, at in zip(ids, moments, strict=True)]
    await save(store, *map(EventTold, events))
    return events


def bodies(receiver: Answering) -> list[str]:
    """Return what was received, in its order."""
    return [asked.body.decode() for asked in receiver.asked]


async def test_what_is_taken_is_delivered_once(store: Store) -> None:
    """And stays told."""
    clock = HandClock()
    with Answering(lambda _: Said(202)) as receiver:
        (event,) = await told(store, clock, receiver.base)
        assert [await delivering(store, clock).work(9) for _ in range(2)] == [1, 0]
        assert bodies(receiver) == [event.id]
    found = await store.webhooks.delivery(A, event.id)
    assert found is not None
    assert (found.state, found.attempts, [one.status for one in found.results]) == (DELIVERED, 1, [202])


async def test_ten_attempts_then_parked(store: Store) -> None:
    """Each after its pause by the clock and not earlier, and nothing more however long one waits."""
    clock = HandClock()
    with Answering(lambda _: Said(500)) as receiver:
        (event,) = await told(store, clock, receiver.base)
        for number, pause in enumerate([*PAUSES, timedelta(days=400)], start=1):
            assert await delivering(store, clock).work(9) == 1
            assert len(receiver.asked) == number
            clock.advance(seconds=pause.total_seconds() - 1)
            assert await delivering(store, clock).work(9) == 0
            clock.advance(seconds=1)
        assert await delivering(store, clock).work(9) == 0
        assert len(receiver.asked) == ATTEMPTS == 10
    found = await store.webhooks.delivery(A, event.id)
    assert found is not None
    assert (found.state, [one.status for one in found.results]) == (PARKED, [500] * 10)


async def test_each_attempt_is_counted_by_what_came_of_it(store: Store) -> None:
    """Nine that are tried again, one that is the last; and one that arrives."""
    clock, metrics = HandClock(), Metrics()
    answers = [Said(500)] * 10 + [Said(200)]
    with Answering(lambda _: answers.pop(0)) as receiver:
        (event,) = await told(store, clock, receiver.base)
        for number in range(11):
            assert await store.webhooks.waiting() == 1
            await delivering(store, clock, attempted=metrics.attempted).work(9)
            clock.advance(hours=9)
            if number == 9:
                assert await store.webhooks.waiting() == 0
                await store.webhooks.resend(A, event.id, clock.now())
    assert metrics.counted().attempts == {"failed": 9, "parked": 1, "delivered": 1}


async def test_parked_event_is_sent_again_when_somebody_asks(store: Store) -> None:
    """With ten attempts anew."""
    clock = HandClock()
    answers = [Said(500)] * 11 + [Said(200)]
    with Answering(lambda _: answers.pop(0)) as receiver:
        (event,) = await told(store, clock, receiver.base)
        for _ in range(10):
            await delivering(store, clock).work(9)
            clock.advance(hours=9)
        assert await store.webhooks.resend(A, event.id, clock.now())
        for _ in range(2):
            assert await delivering(store, clock).work(9) == 1
            clock.advance(hours=9)
        assert len(receiver.asked) == 12
    found = await store.webhooks.delivery(A, event.id)
    assert found is not None
    assert (found.state, found.attempts, len(found.results)) == (DELIVERED, 2, 12)


async def test_new_address_gets_what_waits(store: Store) -> None:
    """Who mends a wrong address loses nothing."""
    clock = HandClock()
    with Answering(lambda _: Said(404)) as wrong, Answering(lambda _: Said(200)) as right:
        (event,) = await told(store, clock, wrong.base)
        await delivering(store, clock).work(9)
        await save(store, WebhookChanged(registration(url=right.base)))
        clock.advance(hours=1)
        await delivering(store, clock).work(9)
        assert (bodies(wrong), bodies(right)) == ([event.id], [event.id])


async def test_worker_that_dies_after_sending_sends_again(store: Store) -> None:
    """When its lease ends: at least once, not at most once."""
    clock = HandClock()
    with Answering(lambda _: Said(200)) as receiver:
        (event,) = await told(store, clock, receiver.base)
        await store.webhooks.claim(clock.now(), clock.now() + LEASE, 9)
        assert await delivering(store, clock).work(9) == 0
        clock.advance(seconds=LEASE.total_seconds())
        assert await delivering(store, clock).work(9) == 1
        assert bodies(receiver) == [event.id]


async def test_partner_that_does_not_answer_delays_no_other_one(store: Store) -> None:
    """Its flood has its share of each batch."""
    clock = HandClock()
    with Answering(lambda _: Said(500)) as bad, Answering(lambda _: Said(200)) as good:
        await told(store, clock, bad.base, 100)
        clock.advance(seconds=1)
        await told(store, clock, good.base, 1, B)
        await delivering(store, clock).work(8)
        assert len(good.asked) == 1


async def test_sent_one_by_one_they_arrive_in_their_order(store: Store) -> None:
    """As a sandbox sends them, so that each run is the same."""
    clock = HandClock()
    with Answering(lambda _: Said(200)) as receiver:
        events = await told(store, clock, receiver.base, 20)
        await delivering(store, clock, Plain(together=1)).work(32)
        assert bodies(receiver) == [one.id for one in events]


async def test_event_that_cannot_be_written_is_parked_in_the_end(store: Store) -> None:
    """And delays no other one."""
    clock = HandClock()

    def broken(delivery: Delivery, wanted: Registration, now: datetime) -> Message:
        if delivery.id == guid(0, "d"):
            raise ValueError("no such thing")
        return compose(delivery, wanted, now)

    with Answering(lambda _: Said(200)) as receiver:
        first, second = await told(store, clock, receiver.base, 2)
        work = Delivering(store, clock, broken, Poster(Gate(LOOPBACK, plain=True)), Plain(), lambda _: None).work
        for _ in range(10):
            await work(9)
            clock.advance(hours=9)
        assert bodies(receiver) == [second.id]
    found = await store.webhooks.delivery(A, first.id)
    assert found is not None
    assert (found.state, found.results[0].message) == (
        PARKED,
        "The service could not write the event; its log says why.",
    )


class Mischief:
    """Sends what is due twice, backwards, but for the first one, which it puts off once."""

    together = 1

    def __init__(self) -> None:
        self._late: set[str] = set()

    def arrange(self, due: Sequence[Delivery], now: datetime) -> Arrangement:
        """See `Policy.arrange`."""
        late = [one for one in due[:1] if one.id not in self._late]
        self._late.update(one.id for one in late)
        rest = [one for one in due if one not in late]
        return Arrangement([*rest[::-1], *rest[::-1]], [(one, now + timedelta(hours=1)) for one in late])


async def test_policy_doubles_delays_and_turns_around(store: Store) -> None:
    """What is put off has made no attempt; what is doubled is settled once."""
    clock, policy = HandClock(), Mischief()
    with Answering(lambda _: Said(200)) as receiver:
        first, second, third = await told(store, clock, receiver.base, 3)
        await delivering(store, clock, policy).work(9)
        assert bodies(receiver) == [third.id, second.id] * 2
        clock.advance(minutes=59)
        assert await delivering(store, clock, policy).work(9) == 0
        clock.advance(minutes=1)
        assert await delivering(store, clock, policy).work(9) == 1
        assert bodies(receiver)[4:] == [first.id] * 2
    assert {one.attempts for one in await store.webhooks.deliveries(A, DeliveryQuery(9))} == {1}


async def test_settled_deliveries_are_forgotten_in_time(store: Store) -> None:
    """What arrived earlier than what did not; what waits stays."""
    clock = HandClock()
    events = [
        Delivery(A, guid(n, "d"), Kind.TEST, clock.now(), clock.now(), state=s) for n, s in enumerate(DeliveryState)
    ]
    await save(store, *map(EventTold, events))
    duty, left = OldDeliveriesDuty(store, clock), []
    for state in (DELIVERED, PARKED):
        clock.advance(seconds=(KEPT[state]).total_seconds())
        assert not await duty.run_once()
        clock.advance(seconds=1)
        assert not await duty.run_once()
        left.append({one.state for one in await store.webhooks.deliveries(A, DeliveryQuery(9))})
    assert left == [{WAITING, PARKED}, {WAITING}]


EVENT = Delivery(A, guid(1, "d"), Kind.TEST, HandClock().now(), HandClock().now())


@given(st.lists(st.sampled_from([200, 0, 404, 503]), min_size=1, max_size=15))
def test_a_delivery_ends_with_success_or_after_ten_attempts(statuses: list[int]) -> None:
    """Whatever the receiver does, and each pause is longer than the one before."""
    delivery, now, due = EVENT, HandClock().now(), []
    for status in statuses:
        if delivery.state is not WAITING:
            break
        now = max(now, delivery.due_at)
        delivery = settled(delivery, Outcome(status, "" if status == 200 else "no"), now)
        due.append(delivery.due_at - now)
    made = min([*(n for n, status in enumerate(statuses, 1) if status == 200), len(statuses), ATTEMPTS])
    assert delivery.attempts == len(delivery.results) == made
    expected = DELIVERED if statuses[made - 1] == 200 else PARKED if made == ATTEMPTS else WAITING
    assert delivery.state is expected
    assert due[: made - 1] == list(PAUSES[: made - 1])
    assert list(PAUSES) == sorted(set(PAUSES))


def test_results_of_many_resends_fill_no_disk() -> None:
    """The latest are kept."""
    delivery = EVENT
    for _ in range(100):
        delivery = replace(settled(delivery, Outcome(500, "no"), HandClock().now()), attempts=0)
    assert len(delivery.results) == 2 * ATTEMPTS
