"""What every store promises of decisions that take effect by themselves, once they can't be undone any more."""

import asyncio

from tests.store.conformance_review import DUE, FOUR_EYES, propose, with_waiting
from tests.store.records import approved, at, moved, save, then
from vetline.store.port import Store
from vetline.vetting.case import Case
from vetline.vetting.commands import Approve, Deny, Settle, Withdraw
from vetline.vetting.words import Reason


class SettlingDecisions:
    """`settling` and `claim_settling`."""

    async def test_settling_shows_what_takes_effect_by_a_moment(self, store: Store) -> None:
        """The first one first, approvals that end among them; not what waits for a second person."""
        one, two, three, four = await with_waiting(store, [1, 2, 3, 4])
        held = approved(four)
        await save(store, *moved(held))
        later = await propose(store, one, Approve("reviewer:rae", settle_at=at(1_020)))
        sooner = await propose(store, two, Deny("reviewer:rae", Reason.RESTRICTED, settle_at=DUE))
        await propose(store, three, Deny("reviewer:rae", Reason.RESTRICTED, rules=FOUR_EYES))
        ending = Deny("reviewer:rae", Reason.NO_LONGER_EDUCATION, settle_at=at(1_015))
        ends = await propose(store, held.case, ending)
        assert list(await store.settling(at(1_009), 9)) == []
        assert list(await store.settling(DUE, 9)) == [sooner]
        assert list(await store.settling(at(2_000), 9)) == [sooner, ends, later]
        assert list(await store.settling(at(2_000), 2)) == [sooner, ends]
        await save(store, *moved(then(sooner, Settle(), DUE)))
        assert list(await store.settling(at(2_000), 9)) == [ends, later]

    async def test_decision_that_takes_effect_is_claimed_once(self, store: Store) -> None:
        """The first ones first, each by one worker until its lease ends; not before its time, and not once it moved."""
        one, two, three = await with_waiting(store, [1, 2, 3])
        later = await propose(store, one, Approve("reviewer:rae", settle_at=at(1_020)))
        sooner = await propose(store, two, Approve("reviewer:rae", settle_at=DUE))
        await propose(store, three, Deny("reviewer:rae", Reason.RESTRICTED, rules=FOUR_EYES))
        assert list(await store.claim_settling(at(1_009), at(1_060), 9)) == []
        assert list(await store.claim_settling(at(1_020), at(1_060), 1)) == [sooner]
        assert list(await store.claim_settling(at(1_020), at(1_070), 9)) == [later]
        assert list(await store.claim_settling(at(1_059), at(1_100), 9)) == []
        assert list(await store.claim_settling(at(1_060), at(1_100), 9)) == [sooner]
        await save(store, *moved(then(sooner, Settle(), at(1_061))), *moved(then(later, Withdraw("reviewer:rae"), DUE)))
        assert list(await store.claim_settling(at(9_000), at(9_100), 9)) == []

    async def test_many_workers_claim_each_decision_once(self, store: Store) -> None:
        """Side by side, until none is left; those that are claimed can still be undone."""
        cases = [
            await propose(store, case, Approve("reviewer:rae", settle_at=DUE))
            for case in await with_waiting(store, range(60))
        ]

        async def work() -> list[Case]:
            found: list[Case] = []
            while some := await store.claim_settling(DUE, at(5_000), 7):
                found += some
            return found

        claimed = [case for found in await asyncio.gather(*(work() for _ in range(6))) for case in found]
        assert sorted(case.customer for case in claimed) == sorted(case.customer for case in cases)
        assert len(await store.settling(DUE, 99)) == 60
        await save(store, *moved(then(cases[0], Withdraw("reviewer:rae"), DUE)))

    async def test_what_settles_is_not_the_screenings(self, store: Store) -> None:
        """Both are due at a moment; a claim takes only what is to be screened."""
        (case,) = await with_waiting(store, [1])
        await propose(store, case, Approve("reviewer:rae", settle_at=DUE))
        assert list(await store.claim_due(at(5_000), at(6_000), 9)) == []
