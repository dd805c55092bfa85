"""What every store promises of the order of claims: partners take turns, and nothing that is due is left out."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.records import A, B, at, customer, guid, moved, save, submitted, with_cases, with_customers
from vetline.store.port import Store
from vetline.vetting.case import Case

SOON, LATE = at(1_000), at(2_000)

# Each example empties the store, and each store's own class runs them all.
PROPERTY = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
)
# How many seconds the oldest cases of two partners are apart: more than a partner has cases.
APART = 30
# How many due cases each partner has.
DISTRIBUTIONS = st.lists(st.integers(0, 20), min_size=1, max_size=8)


def partner(number: int) -> str:
    """Return a partner that tells its number."""
    return guid(number, "p")


async def with_partners(store: Store, counts: Sequence[int]) -> dict[str, int]:
    """Put so many due cases for each partner into a store, each partner's older than the next one's.

    Returns:
        How many each partner has.
    """
    for number, count in enumerate(counts):
        await with_cases(store, range(number * APART, number * APART + count), partner(number))
    return {partner(number): count for number, count in enumerate(counts) if count}


def by_partner(cases: Sequence[Case]) -> Counter[str]:
    """Return how many of some cases each partner has."""
    return Counter(case.partner for case in cases)


class Turns:
    """`claim_due`, when several partners wait."""

    async def test_single_case_does_not_wait_behind_a_flood(self, store: Store) -> None:
        """The youngest case of all is in the next batch, whoever has as many older ones."""
        await with_cases(store, range(200))
        await with_cases(store, [999], B)
        assert by_partner(await store.claim_due(SOON, LATE, 8)) == {A: 7, B: 1}

    async def test_case_whose_worker_died_does_not_wait_behind_a_flood(self, store: Store) -> None:
        """Its lease has ended, so it is in the next batch."""
        await with_cases(store, [1], B)
        assert len(await store.claim_due(at(1), at(500), 8)) == 1
        await with_cases(store, range(200))
        assert by_partner(await store.claim_due(at(499), LATE, 8)) == {A: 8}
        assert by_partner(await store.claim_due(at(500), LATE, 8)) == {A: 7, B: 1}

    async def test_partners_share_a_batch(self, store: Store) -> None:
        """Each gets the same, its oldest first; what one leaves over goes to the oldest cases of all."""
        await with_cases(store, range(100, 130), partner(1))
        await with_cases(store, range(200, 230), partner(2))
        await with_cases(store, [300], partner(3))
        claimed = await store.claim_due(SOON, LATE, 12)
        expected = {
            partner(1): [100, 101, 102, 103, 104, 105, 106],
            partner(2): [200, 201, 202, 203],
            partner(3): [300],
        }
        assert [(case.partner, case.due_at) for case in claimed] == [
            (who, at(due)) for who, dues in expected.items() for due in dues
        ]

    async def test_more_partners_than_places_take_turns(self, store: Store) -> None:
        """Nobody is served twice before everybody was served once, and the round begins anew after the last one."""
        await with_partners(store, [4] * 24)
        for _ in range(3):
            served = [case.partner for _ in range(3) for case in await store.claim_due(SOON, LATE, 8)]
            assert len(set(served)) == len(served) == 24

    async def test_partners_with_nothing_due_take_no_places(self, store: Store) -> None:
        """However many wait for a later moment, a batch is full as long as enough is due."""
        for number in range(40):
            who = customer(1, partner(number))
            await with_customers(store, who)
            await save(store, *moved(submitted(who, due_at=LATE)))
        await with_cases(store, range(1, 11))
        await with_cases(store, [11], partner(99))
        assert [len(await store.claim_due(SOON, LATE, 4)) for _ in range(4)] == [4, 4, 3, 0]

    async def test_no_place_is_nobodys_turn(self, store: Store) -> None:
        """Asking for nothing takes nothing."""
        await with_cases(store, [1])
        assert list(await store.claim_due(SOON, LATE, 0)) == []
        assert len(await store.claim_due(SOON, LATE, 1)) == 1

    @PROPERTY
    @given(counts=DISTRIBUTIONS, limit=st.integers(1, 12))
    async def test_every_due_case_is_claimed_once_and_fairly(
        self, store: Store, counts: Sequence[int], limit: int
    ) -> None:
        """Whatever the distribution: batches are full to the end, and each partner gets its share of each of them."""
        await store.erase()
        left = Counter(await with_partners(store, counts))
        share = limit // max(1, len(left))
        seen: list[tuple[str, str]] = []
        while claimed := await store.claim_due(SOON, LATE, limit):
            assert len(claimed) == min(limit, left.total())
            got = by_partner(claimed)
            assert all(got[who] >= min(share, waiting) for who, waiting in left.items())
            left -= got
            seen += [(case.partner, case.customer) for case in claimed]
        assert len(seen) == len(set(seen)) == sum(counts)

    @PROPERTY
    @given(counts=DISTRIBUTIONS, limit=st.integers(1, 12), workers=st.integers(2, 5))
    async def test_workers_at_the_same_moment_share_no_case(
        self, store: Store, counts: Sequence[int], limit: int, workers: int
    ) -> None:
        """Whatever the distribution: between them they claim every due case, each of them once."""
        await store.erase()
        await with_partners(store, counts)
        seen: list[tuple[str, str]] = []
        while any(batches := await asyncio.gather(*(store.claim_due(SOON, LATE, limit) for _ in range(workers)))):
            seen += [(case.partner, case.customer) for batch in batches for case in batch]
        assert len(seen) == len(set(seen)) == sum(counts)
