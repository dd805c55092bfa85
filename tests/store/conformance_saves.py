"""What every store promises of `save`, with every effect and every way to conflict."""

import asyncio
import contextlib
import gc
from collections import Counter

import pytest

from tests.store.records import (
    EDUCATION,
    GOVERNMENT,
    A,
    B,
    answer,
    approved,
    at,
    customer,
    denied,
    guid,
    moved,
    next_version,
    redeemed,
    save,
    submitted,
    then,
    with_cases,
    with_code,
    with_customers,
)
from vetline.store.changes import CustomerAdded, CustomerChanged, CustomerRemoved
from vetline.store.port import (
    AlreadyAnsweredError,
    ConflictError,
    Store,
    UnknownCustomerError,
)
from vetline.vetting.commands import Submit
from vetline.vetting.words import Programme, Stage


class Saves:
    """`save`, with every effect and every way to conflict."""

    async def test_case_conflicts_unless_it_is_one_version_on(self, store: Store) -> None:
        """Of two decisions on the same version one is saved."""
        (case,) = await with_cases(store, [1])
        await save(store, *moved(approved(case)))
        with pytest.raises(ConflictError):
            await save(store, *moved(denied(case)))
        assert (await store.standing(A, guid(1)))[0].stage is Stage.APPROVED
        assert len(await store.history(case)) == 2

    async def test_first_submission_conflicts_with_another_first_one(self, store: Store) -> None:
        """A customer has one case in a programme."""
        await with_cases(store, [1])
        with pytest.raises(ConflictError):
            await save(store, *moved(submitted(customer(1))))

    @pytest.mark.parametrize(("first", "second"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
    async def test_education_and_government_exclude_each_other_here_too(
        self, store: Store, first: Programme, second: Programme
    ) -> None:
        """Two submissions that were decided at the same moment cannot both be saved."""
        await with_customers(store, customer())
        await save(store, *moved(submitted(customer(), first)))
        with pytest.raises(ConflictError):
            await save(store, *moved(submitted(customer(), second)))
        assert len(await store.standing(A, guid(1))) == 1

    async def test_denied_education_makes_room_for_government(self, store: Store) -> None:
        """Only what is held or in review excludes; afterwards Education cannot come back."""
        (case,) = await with_cases(store, [1])
        end = denied(case)
        await save(store, *moved(end))
        await save(store, *moved(submitted(customer(), GOVERNMENT)))
        again = then(end.case, Submit(end.case.claim, "partner:ada"), at(1))
        with pytest.raises(ConflictError):
            await save(store, *moved(again))

    async def test_change_stands_or_falls_as_a_whole(self, store: Store) -> None:
        """When one effect conflicts, neither the others nor the answer are kept."""
        await with_customers(store, customer(1))
        await with_code(store, 0)
        effects = (CustomerAdded(customer(2)), *moved(submitted(customer(1), GOVERNMENT)), redeemed(customer(1)))
        with pytest.raises(ConflictError):
            await save(store, *effects, remember=answer())
        assert list(await store.standing(A, guid(1))) == []
        assert await store.answer(A, answer().key) is None
        with pytest.raises(UnknownCustomerError):
            await store.customer(A, guid(2))

    async def test_case_of_a_customer_that_is_gone_conflicts(self, store: Store) -> None:
        """No case is kept of a customer that was removed after it was read."""
        with pytest.raises(ConflictError):
            await save(store, *moved(submitted(customer(1))))

    async def test_change_is_saved_once_for_one_request(self, store: Store) -> None:
        """A request that was answered is told so, gets that answer, and has no second effect."""
        await with_customers(store, customer(1), customer(2))
        await save(store, *moved(submitted(customer(1))), remember=answer())
        with pytest.raises(AlreadyAnsweredError) as earlier:
            await save(store, *moved(submitted(customer(2))), remember=answer(body=b"other", moment=at(5)))
        assert earlier.value.answer == answer()
        assert list(await store.standing(A, guid(2))) == []

    async def test_retry_meets_its_answer_and_not_its_own_effects(self, store: Store) -> None:
        """The very same change again is answered, not a conflict."""
        await with_customers(store, customer(1))
        effects = moved(submitted(customer(1)))
        await save(store, *effects, remember=answer())
        with pytest.raises(AlreadyAnsweredError):
            await save(store, *effects, remember=answer())

    async def test_retries_leave_no_circles(self, store: Store) -> None:
        """What is told of a request that was answered is gone when its caller is: the collector has nothing to do."""
        await save(store, remember=answer())
        gc.collect()
        gc.disable()
        try:
            for _ in range(10):
                with contextlib.suppress(AlreadyAnsweredError):
                    await save(store, remember=answer())
            await asyncio.sleep(0)
            assert gc.collect() < 10
        finally:
            gc.enable()

    async def test_answer_can_be_saved_alone(self, store: Store) -> None:
        """A refusal has no effect, and is remembered all the same; an empty body too."""
        await save(store, remember=answer(3, body=b""))
        assert await store.answer(A, answer(3).key) == answer(3, body=b"")

    async def test_answers_of_two_partners_do_not_mix(self, store: Store) -> None:
        """The same key is another request when another partner sends it."""
        await save(store, remember=answer(1, A))
        assert await store.answer(B, answer(1).key) is None
        await save(store, remember=answer(1, B, body=b"B"))
        assert await store.answer(A, answer(1).key) == answer(1, A)
        assert await store.answer(B, answer(1).key) == answer(1, B, body=b"B")

    async def test_customer_is_added_once(self, store: Store) -> None:
        """A second one under the same key conflicts and leaves the first."""
        await with_customers(store, customer(1))
        with pytest.raises(ConflictError):
            await with_customers(store, customer(1, name="Other"))
        assert await store.customer(A, guid(1)) == customer(1)

    async def test_customer_conflicts_unless_it_is_one_version_on(self, store: Store) -> None:
        """Of two changes made on the same version one is saved."""
        await with_customers(store, customer(1))
        changed = next_version(customer(1), company_name="Neue Schule", domain="neu.example")
        await save(store, CustomerChanged(changed))
        with pytest.raises(ConflictError):
            await save(store, CustomerChanged(next_version(customer(1), email="x@example.com")))
        assert await store.customer(A, guid(1)) == changed

    async def test_removed_customer_leaves_nothing(self, store: Store) -> None:
        """Cases, history and redemptions go with it, those of others stay, and it cannot be removed twice."""
        await with_code(store)
        await with_customers(store, customer(1), customer(2))
        for one in (customer(1), customer(2)):
            await save(store, *moved(submitted(one, GOVERNMENT)), redeemed(one))
        case = submitted(customer(1), GOVERNMENT).case
        await save(store, CustomerRemoved(A, guid(1)))
        with pytest.raises(UnknownCustomerError):
            await store.standing(A, guid(1))
        assert (await store.case(A, guid(1), GOVERNMENT), list(await store.history(case))) == (None, [])
        assert list(await store.redeemed_codes(A, guid(1))) == []
        assert len(await store.redeemed_codes(A, guid(2))) == 1
        with pytest.raises(ConflictError):
            await save(store, CustomerRemoved(A, guid(1)))

    async def test_removed_customer_can_come_back_without_its_past(self, store: Store) -> None:
        """The same tenant may become a customer again, and stands nowhere."""
        await with_cases(store, [1])
        await save(store, CustomerRemoved(A, guid(1)))
        await with_customers(store, customer(1))
        assert list(await store.standing(A, guid(1))) == []
        await save(store, *moved(submitted(customer(1))))

    async def test_one_conflict_takes_no_other_change_down(self, store: Store) -> None:
        """Changes that are saved at the same moment stand or fall each for itself."""
        await with_customers(store, *(customer(number) for number in range(1, 21)))
        changes = [save(store, *moved(submitted(customer(1 + number % 20)))) for number in range(60)]
        outcomes = await asyncio.gather(*changes, return_exceptions=True)
        assert Counter(type(one) for one in outcomes) == {type(None): 20, ConflictError: 40}
        assert await store.waiting() == (20, 0)
