"""What every store promises of validation codes."""

import asyncio
from collections import Counter

import pytest

from tests.store.records import (
    A,
    B,
    at,
    code,
    customer,
    guid,
    redeem,
    redeemed,
    save,
    with_code,
    with_customers,
)
from vetline.store.changes import CodeIssued
from vetline.store.port import (
    ConflictError,
    Store,
)


class Codes:
    """`codes`, `redeemed_codes`, and the effects on validation codes."""

    async def test_codes_are_a_partners_own_in_order(self, store: Store) -> None:
        """Ordered by code; another partner's are not among them."""
        for one in (code("b"), code("a", 0), code("10"), code("c", partner=B)):
            await save(store, CodeIssued(one))
        assert list(await store.codes(A)) == [code("10"), code("a", 0), code("b")]

    async def test_issuing_again_changes_the_particulars_and_the_moment(self, store: Store) -> None:
        """Even within one moment the moment grows, because the eTag is made of it."""
        await with_code(store)
        await save(store, CodeIssued(code(remaining=9)))
        (found,) = await store.codes(A)
        assert (found.remaining, found.changed_at > code().changed_at) == (9, True)

    async def test_redeeming_takes_one_and_moves_the_moment(self, store: Store) -> None:
        """Also when the clock stands still or goes back, no two states of a code have the same moment."""
        await with_code(store)
        await with_customers(store, *(customer(number) for number in range(3)))
        moments = {code().changed_at}
        for number, moment in enumerate((at(0), at(0), at(-60))):
            await save(store, redeemed(customer(number), moment=moment))
            moments.add((await store.codes(A))[0].changed_at)
        assert (len(moments), (await store.codes(A))[0].remaining) == (4, 2)

    async def test_redeeming_conflicts_when_none_is_left(self, store: Store) -> None:
        """A code never goes below nothing, however many ask at once."""
        await with_code(store, 5)
        await with_customers(store, *(customer(number) for number in range(64)))
        outcomes = await asyncio.gather(*(redeem(store, number) for number in range(64)), return_exceptions=True)
        assert Counter(type(one) for one in outcomes) == {type(None): 5, ConflictError: 59}
        assert (await store.codes(A))[0].remaining == 0

    async def test_redeeming_an_unknown_code_conflicts(self, store: Store) -> None:
        """So does another partner's."""
        await with_code(store, partner=B)
        await with_customers(store, customer())
        with pytest.raises(ConflictError):
            await save(store, redeemed(customer()))

    async def test_redeemed_codes_are_a_customers_own(self, store: Store) -> None:
        """The code comes back as it stands now."""
        await with_code(store)
        await with_customers(store, customer(1), customer(2))
        await redeem(store, 1)
        (found,) = await store.redeemed_codes(A, guid(1))
        assert (found.code, found.remaining) == ("987654", 4)
        assert list(await store.redeemed_codes(A, guid(2))) == []
