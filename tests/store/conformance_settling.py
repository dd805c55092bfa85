"""What every store promises of decisions that take effect by themselves, once they can't be undone any more."""

import asyncio

from msgspec.structs import replace

from tests.store.conformance_review import DUE, FOUR_EYES, propose, with_waiting
from tests.store.records import approved, at, customer, moved, save, submitted, then, with_customers
from tests.store.uploads import move, with_upload
from tests.store.webhooks import an_event, with_deliveries
from vetline.store.port import Store
from vetline.store.uploads import UploadState
from vetline.store.webhooks import DeliveryState
from vetline.vetting.case import Case
from vetline.vetting.commands import Approve, Deny, Settle, Withdraw
from vetline.vetting.words import Reason


class SettlingDecisions:
    """`settling`, `claim_settling` and `next_due`."""

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

    async def test_next_due_is_the_first_of_all_that_nobody_has_to_ask_for(self, store: Store) -> None:
        """Until it is done, also while a worker has it; what waits for a person or for a read is due at no time."""
        assert await store.next_due() is None
        one, two = await with_waiting(store, [1, 2])
        assert await store.next_due() is None, "both wait for a person"
        proposed = await propose(store, one, Approve("reviewer:rae", settle_at=at(1_020)))
        await propose(store, two, Deny("reviewer:rae", Reason.RESTRICTED, rules=FOUR_EYES))
        assert await store.next_due() == at(1_020)
        await with_deliveries(store, event := an_event(seconds=500))
        assert await store.next_due() == event.due_at
        await with_customers(store, customer(3))
        screened = submitted(customer(3), moment=at(300))
        await save(store, *moved(replace(screened, case=replace(screened.case, due_at=None))))
        assert await store.next_due() == event.due_at, "an undated case is due at no time"
        uploaded = await with_upload(store, moment=at(100))
        assert await store.next_due() == at(100)
        await store.uploads.claim(at(2_000), at(2_060), 9)
        assert await store.next_due() == at(100)
        await move(store, uploaded, UploadState.OPEN, UploadState.DONE)
        await store.webhooks.settle(event, replace(event, attempts=1, state=DeliveryState.PARKED))
        assert await store.next_due() == at(1_020)
        await save(store, *moved(then(proposed, Settle(), at(1_020))))
        assert await store.next_due() is None
