"""What every store promises of what waits: claims by workers, the reviewers' queue, remembered answers."""

import asyncio

from msgspec.structs import replace

from tests.store.records import (
    EDUCATION,
    A,
    B,
    answer,
    approved,
    at,
    customer,
    denied,
    guid,
    moved,
    referred,
    save,
    submitted,
    then,
    with_cases,
    with_customers,
)
from vetline.store.port import Store
from vetline.vetting.commands import Submit

SOON, LATE = at(1_000), at(2_000)


class Queues:
    """`claim_due`, `queue`, `waiting`, `forget_answers`."""

    async def test_due_cases_are_taken_oldest_first(self, store: Store) -> None:
        """As many as asked, those that are due longest; `conformance_turns` says whose."""
        await with_cases(store, [3, 1])
        await with_cases(store, [2], B)
        await with_cases(store, [4])
        first = await store.claim_due(SOON, LATE, 3)
        assert [case.due_at for case in first] == [at(1), at(2), at(3)]
        assert [case.customer for case in await store.claim_due(SOON, LATE, 3)] == [guid(4)]

    async def test_claimed_case_comes_whole(self, store: Store) -> None:
        """A claim changes nothing that a decision could conflict with."""
        (case,) = await with_cases(store, [1])
        assert list(await store.claim_due(SOON, LATE, 9)) == [case]
        await save(store, *moved(approved(case)))

    async def test_case_is_due_at_its_moment_and_not_before(self, store: Store) -> None:
        """The moment itself is due."""
        await with_customers(store, customer())
        await save(store, *moved(submitted(customer(), due_at=at(90))))
        assert list(await store.claim_due(at(89.999), LATE, 9)) == []
        assert len(await store.claim_due(at(90), LATE, 9)) == 1

    async def test_what_waits_for_a_person_is_never_due(self, store: Store) -> None:
        """Nor is what is decided."""
        first, second = await with_cases(store, [1, 2])
        await save(store, *moved(referred(first)), *moved(approved(second)))
        assert list(await store.claim_due(LATE, LATE, 9)) == []

    async def test_claimed_case_is_nobody_elses_until_its_lease_ends(self, store: Store) -> None:
        """A worker that died keeps a case no longer than its lease."""
        await with_cases(store, [1])
        assert len(await store.claim_due(SOON, LATE, 9)) == 1
        assert list(await store.claim_due(at(1_999.999), at(3_000), 9)) == []
        assert len(await store.claim_due(LATE, at(3_000), 9)) == 1
        assert list(await store.claim_due(LATE, at(3_000), 9)) == []

    async def test_moving_a_case_ends_its_lease(self, store: Store) -> None:
        """A case that was denied and submitted again is due at once, whoever claimed it before."""
        (case,) = await with_cases(store, [1])
        await store.claim_due(SOON, LATE, 9)
        end = denied(case, SOON)
        again = then(end.case, Submit(case.claim, "partner:ada", screen_at=SOON), SOON)
        await save(store, *moved(end, again))
        assert list(await store.claim_due(SOON, LATE, 9)) == [again.case]

    async def test_claims_at_the_same_moment_share_no_case(self, store: Store) -> None:
        """However many workers ask at once, each case goes to one."""
        await with_cases(store, range(100))
        batches = await asyncio.gather(*(store.claim_due(SOON, LATE, 7) for _ in range(20)))
        taken = [case.customer for batch in batches for case in batch]
        assert len(taken) == len(set(taken)) == 100

    async def test_queue_shows_who_waits_for_a_person_longest_first(self, store: Store) -> None:
        """All partners' cases, only those in review by a person."""
        cases = [*await with_cases(store, [5, 1]), *await with_cases(store, [3], B)]
        await with_cases(store, [2])
        await save(store, *(effect for case in cases for effect in moved(referred(case))))
        assert [case.customer for case in await store.queue(None, 9)] == [guid(1), guid(3), guid(5)]

    async def test_queue_comes_in_pages(self, store: Store) -> None:
        """Each page goes on after the last case of the one before, also among those of the same moment."""
        numbers = range(1, 12)
        await with_customers(store, *(customer(number) for number in numbers))
        waiting = [referred(submitted(customer(number), moment=at(number % 3)).case) for number in numbers]
        firsts = [submitted(customer(number), moment=at(number % 3)) for number in numbers]
        await save(store, *moved(*firsts), *moved(*waiting))
        seen: list[tuple[object, str]] = []
        after = None
        while page := await store.queue(after, 4):
            seen += [(case.submitted_at, case.customer) for case in page]
            assert page[-1].submitted_at is not None
            after = (page[-1].submitted_at, page[-1].customer)
        assert seen == sorted((one.case.submitted_at, one.case.customer) for one in waiting)

    async def test_waiting_counts_both_queues(self, store: Store) -> None:
        """A claimed case still waits for the screening; a decided one for nobody."""
        first, second, *_ = await with_cases(store, [1, 2, 3, 4])
        await save(store, *moved(referred(first)), *moved(approved(second)))
        await store.claim_due(SOON, LATE, 1)
        assert await store.waiting() == (2, 1)

    async def test_undated_case_waits_though_it_is_never_due(self, store: Store) -> None:
        """A case that something else than time will wake counts as waiting, and nobody claims it."""
        await with_customers(store, customer(1))
        first = submitted(customer(1))
        await save(store, *moved(replace(first, case=replace(first.case, due_at=None))))
        assert await store.waiting() == (1, 0)
        assert list(await store.claim_due(LATE, LATE, 9)) == []

    async def test_old_answers_are_forgotten_in_batches(self, store: Store) -> None:
        """Only those given before the moment, at most as many as asked, and the count says how many."""
        for number in range(10):
            await save(store, remember=answer(number, moment=at(number)))
        assert [await store.forget_answers(at(7), 4) for _ in range(3)] == [4, 3, 0]
        left = [number for number in range(10) if await store.answer(A, answer(number).key)]
        assert left == [7, 8, 9]

    async def test_oldest_answers_are_forgotten_first(self, store: Store) -> None:
        """A batch never takes a younger answer and leaves an older one."""
        for number in (5, 1, 4, 2, 3):
            await save(store, remember=answer(number, moment=at(number)))
        await store.forget_answers(at(9), 2)
        assert [number for number in range(1, 6) if await store.answer(A, answer(number).key)] == [3, 4, 5]

    async def test_forgotten_request_may_come_anew(self, store: Store) -> None:
        """After that the same key is a new request."""
        await with_customers(store, customer())
        await save(store, remember=answer(1))
        await store.forget_answers(at(1), 9)
        await save(store, *moved(submitted(customer())), remember=answer(1, moment=at(5)))
        assert await store.case(A, guid(1), EDUCATION) is not None
