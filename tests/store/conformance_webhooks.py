"""What every store promises of webhooks: registrations, the outbox, claims, what came of deliveries, forgetting."""

import asyncio
from collections import Counter

import pytest
from msgspec.structs import replace

from tests.store.records import (
    EDUCATION,
    A,
    B,
    answer,
    approved,
    at,
    customer,
    guid,
    moved,
    referred,
    save,
    submitted,
    with_customers,
)
from tests.store.webhooks import an_event, registration, with_deliveries, with_registration
from vetline.store.changes import CustomerRemoved, EventTold, WebhookAdded, WebhookChanged
from vetline.store.port import AlreadyAnsweredError, ConflictError, Store
from vetline.store.webhooks import Attempt, Delivery, DeliveryQuery, DeliveryState, Kind

ALL = DeliveryQuery(99)
SOON, LATE = at(1_000), at(2_000)
PARKED = DeliveryState.PARKED


def partner(number: int) -> str:
    """Return a partner that tells its number."""
    return guid(number, "p")


class WebhooksKept:
    """`Store.webhooks`, and the effects on them."""

    async def test_registration_is_kept_as_it_is(self, store: Store) -> None:
        """Each partner has its own."""
        kept = await with_registration(store)
        assert await store.webhooks.registration(A) == kept
        assert await store.webhooks.registration(B) is None

    async def test_partner_has_one_registration(self, store: Store) -> None:
        """Adding conflicts with the one that is there, changing with none; what comes along is not saved."""
        with pytest.raises(ConflictError):
            await save(store, WebhookChanged(registration()), remember=answer(1))
        await with_registration(store)
        with pytest.raises(ConflictError):
            await save(store, WebhookAdded(registration(url="https://other.example")), remember=answer(2))
        assert [await store.answer(A, answer(number).key) for number in (1, 2)] == [None, None]
        changed = registration(wants=(Kind.TEST,), url="https://other.example")
        await save(store, WebhookChanged(changed), remember=answer(3))
        assert await store.webhooks.registration(A) == changed
        with pytest.raises(AlreadyAnsweredError):
            await save(store, WebhookAdded(changed), remember=answer(3))

    async def test_case_that_moves_brings_its_event_along(self, store: Store) -> None:
        """Each step that its partner sees, and none that only reviewers see."""
        await with_registration(store)
        who = customer(1)
        await with_customers(store, who)
        first = submitted(who)
        second = referred(first.case, at(1))
        third = approved(second.case, at(2))
        await save(store, *moved(first, second))
        await save(store, *moved(third))
        found = await store.webhooks.deliveries(A, ALL)
        told = [(one.kind, one.customer, one.programme, one.version, one.due_at, one.attempts) for one in found]
        assert told == [(Kind.CASE, who.id, EDUCATION, 3, at(2), 0), (Kind.CASE, who.id, EDUCATION, 1, at(0), 0)]
        assert [one.at for one in found] == [at(2), at(0)]
        assert len({one.id for one in found}) == 2
        assert await store.webhooks.delivery(A, found[0].id) == found[0]
        assert await store.webhooks.delivery(B, found[0].id) is None

    async def test_nobody_is_told_who_does_not_want_it(self, store: Store) -> None:
        """Without a registration, or with one for other events; and not afterwards either."""
        await with_registration(store, B, (Kind.TEST,))
        await with_customers(store, customer(1), customer(2, B))
        await save(store, *moved(submitted(customer(1)), submitted(customer(2, B))))
        await with_registration(store)
        await save(store, WebhookChanged(registration(B)))
        assert [list(await store.webhooks.deliveries(one, ALL)) for one in (A, B)] == [[], []]

    async def test_event_falls_with_its_move(self, store: Store) -> None:
        """A move that conflicts tells nobody anything."""
        await with_registration(store)
        await with_customers(store, customer(1))
        first = submitted(customer(1))
        await save(store, *moved(first))
        with pytest.raises(ConflictError):
            await save(store, *moved(submitted(customer(1), moment=at(9))))
        assert [one.at for one in await store.webhooks.deliveries(A, ALL)] == [at(0)]

    async def test_customer_may_go_and_come_again(self, store: Store) -> None:
        """Both lives are told of."""
        await with_registration(store)
        for second in (0, 5):
            await with_customers(store, customer(1))
            await save(store, *moved(submitted(customer(1), moment=at(second))))
            await save(store, CustomerRemoved(A, guid(1)))
        assert [one.at for one in await store.webhooks.deliveries(A, ALL)] == [at(5), at(0)]

    async def test_many_moves_at_once_bring_all_their_events(self, store: Store) -> None:
        """However they are saved together."""
        await with_registration(store)
        people = [customer(number) for number in range(60)]
        await with_customers(store, *people, customer(99, B))
        await asyncio.gather(*(save(store, *moved(submitted(one))) for one in [*people, customer(99, B)]))
        found = await store.webhooks.deliveries(A, ALL)
        assert Counter(one.customer for one in found) == Counter(one.id for one in people)

    async def test_deliveries_are_found_by_state_and_customer(self, store: Store) -> None:
        """The newest first, as many as are asked for."""
        events = [replace(an_event(number, seconds=number), customer=guid(number % 2)) for number in range(4)]
        parked = [replace(one, state=PARKED) if number < 2 else one for number, one in enumerate(events)]
        await with_deliveries(store, *parked, an_event(9, B))
        assert list(await store.webhooks.deliveries(A, ALL)) == parked[::-1]
        assert list(await store.webhooks.deliveries(A, DeliveryQuery(1, PARKED))) == [parked[1]]
        assert list(await store.webhooks.deliveries(A, DeliveryQuery(9, customer=guid(1)))) == [parked[3], parked[1]]

    async def test_events_of_a_kind_are_counted(self, store: Store) -> None:
        """Those after a moment, of one partner."""
        await with_deliveries(store, *(an_event(number, seconds=number) for number in range(4)), an_event(9, B, 3))
        moment = an_event(0, seconds=1).at
        assert await store.webhooks.since(A, Kind.TEST, moment) == 2
        assert await store.webhooks.since(A, Kind.CASE, moment) == 0

    async def test_those_on_their_way_are_counted(self, store: Store) -> None:
        """Of all partners, whenever they are due and whoever has claimed them."""
        assert await store.webhooks.waiting() == 0
        await with_deliveries(store, an_event(1), an_event(2, B, 3_000), replace(an_event(3), state=PARKED))
        await store.webhooks.claim(SOON, LATE, 9)
        assert await store.webhooks.waiting() == 2

    async def test_claim_is_nobody_elses_until_it_ends(self, store: Store) -> None:
        """By its lease, or because it is settled; what is not due is nobody's."""
        event = an_event()
        await with_deliveries(store, event, replace(an_event(2), due_at=SOON))
        assert await self._due(store, 1) == [event]
        assert await self._due(store, 60) == []
        assert await self._due(store, 61) == [event]
        later = replace(event, attempts=1, due_at=at(100), results=(Attempt(at(62), 500, "no «space»"),))
        assert await store.webhooks.settle(event, later)
        assert await self._due(store, 99) == []
        assert await self._due(store, 100) == [later]

    async def test_delivery_is_settled_once(self, store: Store) -> None:
        """Whoever comes second changes nothing."""
        event = an_event()
        await with_deliveries(store, event)
        done = replace(event, attempts=1, state=DeliveryState.DELIVERED, results=(Attempt(at(1), 200),))
        assert await store.webhooks.settle(event, done)
        assert not await store.webhooks.settle(event, replace(done, state=PARKED))
        assert not await store.webhooks.settle(replace(event, partner=B), done)
        assert await store.webhooks.delivery(A, event.id) == done

    async def test_resent_delivery_begins_anew(self, store: Store) -> None:
        """Whatever came of it; what came of it stays told."""
        event = an_event()
        parked = replace(event, attempts=10, state=PARKED, results=(Attempt(at(1), 0, "refused"),))
        await with_deliveries(store, parked)
        assert await store.webhooks.resend(A, event.id, at(5))
        again = replace(parked, attempts=0, state=DeliveryState.WAITING, due_at=at(5))
        assert await self._due(store, 5) == [again]
        assert not await store.webhooks.resend(B, event.id, at(5))
        assert not await store.webhooks.resend(A, guid(9, "d"), at(5))

    async def test_partners_take_turns(self, store: Store) -> None:
        """One with a flood gets its share of each claim, and what the others leave."""
        flood = [an_event(number, partner(1), number) for number in range(50)]
        await with_deliveries(store, *flood, *(an_event(99, partner(number), 60) for number in (2, 3)))
        shares = [Counter(one.partner for one in await self._due(store, 500, 9)) for _ in range(2)]
        assert shares == [{partner(1): 7, partner(2): 1, partner(3): 1}, {partner(1): 9}]

    async def test_claims_at_the_same_moment_share_nothing(self, store: Store) -> None:
        """Each delivery is one worker's."""
        events = [an_event(number, partner(number % 3)) for number in range(40)]
        await with_deliveries(store, *events)
        batches = await asyncio.gather(*(self._due(store, 1, 10) for _ in range(5)))
        claimed = [one.id for batch in batches for one in batch]
        while more := await self._due(store, 2, 10):
            claimed += [one.id for one in more]
        assert sorted(claimed) == sorted(one.id for one in events)

    async def test_old_deliveries_are_forgotten(self, store: Store) -> None:
        """In batches, those of one state; what is younger or elsewhere stays."""
        events = [replace(an_event(number, seconds=number), state=PARKED) for number in range(5)]
        await with_deliveries(store, *events, an_event(9))
        assert [await store.webhooks.forget(PARKED, events[3].at, 2) for _ in range(3)] == [2, 1, 0]
        assert {one.id for one in await store.webhooks.deliveries(A, ALL)} == {guid(n, "d") for n in (3, 4, 9)}

    async def test_erase_forgets_webhooks(self, store: Store) -> None:
        """Registrations and deliveries; the same may then be added again."""
        await with_registration(store)
        await with_deliveries(store, an_event())
        await store.erase()
        assert await store.webhooks.registration(A) is None
        assert list(await store.webhooks.deliveries(A, ALL)) == []
        await save(store, WebhookAdded(registration()), EventTold(an_event()))

    async def _due(self, store: Store, second: float, limit: int = 9) -> list[Delivery]:
        return list(await store.webhooks.claim(at(second), at(second + 60), limit))
