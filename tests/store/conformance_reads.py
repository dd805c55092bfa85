"""What every store promises of its reads of customers and cases."""

import asyncio

import pytest

from tests.store.records import (
    EDUCATION,
    GOVERNMENT,
    STATE_OWNED,
    A,
    B,
    answer,
    at,
    code,
    customer,
    denied,
    guid,
    moved,
    redeem,
    referred,
    save,
    submitted,
    with_cases,
    with_code,
    with_customers,
)
from vetline.store.port import (
    ForeignCustomerError,
    Store,
    UnknownCustomerError,
)
from vetline.store.records import Standing
from vetline.vetting.words import Stage


class ReadsOfCustomers:
    """`standing`, `dossier`, `customer`, `case`, `history`."""

    async def test_customer_comes_back_as_it_was_saved(self, store: Store) -> None:
        """Every member survives, accents and microseconds included."""
        await with_customers(store, customer(7))
        assert await store.customer(A, guid(7)) == customer(7)

    @pytest.mark.parametrize("read", ["standing", "dossier", "customer"])
    async def test_absent_customers_are_told_apart(self, store: Store, read: str) -> None:
        """Nobody's customer is unknown, another partner's is foreign."""
        await with_customers(store, customer(1, A))
        with pytest.raises(ForeignCustomerError):
            await getattr(store, read)(B, guid(1))
        with pytest.raises(UnknownCustomerError):
            await getattr(store, read)(A, guid(2))

    async def test_two_partners_may_have_the_same_customer(self, store: Store) -> None:
        """A customer with two partners is neither unknown nor foreign to either, and its cases do not mix."""
        await with_customers(store, customer(1, A), customer(1, B))
        await save(store, *moved(submitted(customer(1, B))))
        assert await store.standing(A, guid(1)) == []
        assert [one.programme for one in await store.standing(B, guid(1))] == [EDUCATION]

    async def test_standing_is_empty_before_anything_was_asked(self, store: Store) -> None:
        """A customer without cases stands nowhere."""
        await with_customers(store, customer())
        assert list(await store.standing(A, guid(1))) == []

    async def test_standing_comes_in_the_order_of_the_programmes(self, store: Store) -> None:
        """Education or GCC first, StateOwnedEntity last, in whatever order they were asked for."""
        await with_customers(store, customer())
        await save(store, *moved(submitted(customer(), STATE_OWNED, at(1))))
        await save(store, *moved(submitted(customer(), EDUCATION, at(2))))
        assert list(await store.standing(A, guid(1))) == [
            Standing(EDUCATION, Stage.SCREENING, None, at(2)),
            Standing(STATE_OWNED, Stage.HELD, None, at(1)),
        ]

    async def test_standing_shows_a_denial_with_its_reason(self, store: Store) -> None:
        """The reason is part of what a partner reads."""
        (case,) = await with_cases(store, [1])
        end = denied(case)
        await save(store, *moved(end))
        (standing,) = await store.standing(A, guid(1))
        assert (standing.stage, standing.reason) == (Stage.DENIED, end.case.reason)

    async def test_dossier_holds_the_customers_cases_and_the_code(self, store: Store) -> None:
        """Everything that a submission is decided on comes at once."""
        await with_customers(store, customer())
        await with_code(store)
        first, second = submitted(customer(), STATE_OWNED), submitted(customer(), EDUCATION)
        await save(store, *moved(first, second))
        dossier = await store.dossier(A, guid(1), "987654")
        assert dossier.code == code()
        assert {case.programme: case for case in dossier.cases} == {
            STATE_OWNED: first.case,
            EDUCATION: second.case,
        }

    async def test_dossier_knows_no_code_of_another_partner(self, store: Store) -> None:
        """An unknown code, another partner's and none at all look the same."""
        await with_customers(store, customer())
        await with_code(store, partner=B)
        for name in ("987654", "nothing", ""):
            assert (await store.dossier(A, guid(1), name)).code is None

    async def test_dossier_is_read_at_one_moment(self, store: Store) -> None:
        """A case and the code that it used up change together, and are never seen apart."""
        await with_code(store, 300)
        await with_customers(store, *(customer(number) for number in range(300)))
        torn = [number for number in range(300) if await _seen_torn(store, number, left=299 - number)]
        assert torn == []

    async def test_case_comes_back_as_it_was_saved(self, store: Store) -> None:
        """Claim, finding, dates and version survive each step."""
        (case,) = await with_cases(store, [1])
        assert await store.case(A, guid(1), EDUCATION) == case
        onward = referred(case, at(9))
        await save(store, *moved(onward))
        assert await store.case(A, guid(1), EDUCATION) == onward.case

    async def test_no_case_is_none(self, store: Store) -> None:
        """Neither another programme nor another partner's case is found."""
        await with_cases(store, [1])
        assert await store.case(A, guid(1), GOVERNMENT) is None
        assert await store.case(B, guid(1), EDUCATION) is None

    async def test_history_tells_every_step_oldest_first(self, store: Store) -> None:
        """Events come back whole, those of another programme or customer not among them."""
        await with_customers(store, customer())
        await with_cases(store, [2])
        first = submitted(customer())
        second = referred(first.case, at(1))
        third = denied(second.case, at(1))
        await save(store, *moved(first, second), *moved(submitted(customer(), STATE_OWNED)))
        await save(store, *moved(third))
        assert list(await store.history(third.case)) == [first.event, second.event, third.event]

    async def test_reads_see_every_change_whose_save_has_returned(self, store: Store) -> None:
        """There is no moment after a save in which its change is not seen, by any read."""
        for number in range(1, 60):
            await with_customers(store, customer(number))
            first = submitted(customer(number))
            await save(store, *moved(first), remember=answer(number))
            assert len(await store.standing(A, guid(number))) == 1
            assert await store.answer(A, answer(number).key) == answer(number)
            assert await store.waiting() == (number, 0)


async def _seen_torn(store: Store, number: int, left: int) -> bool:
    """Read a customer's dossier again and again while its code is redeemed."""
    saving, torn = asyncio.create_task(redeem(store, number)), False
    while not saving.done():
        dossier = await store.dossier(A, guid(number), "987654")
        torn |= dossier.code is None or bool(dossier.cases) != (dossier.code.remaining == left)
        await asyncio.sleep(0)
    await saving
    return torn
