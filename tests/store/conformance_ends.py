"""What every store promises of `ping`, `erase` and `close`."""

import asyncio

import pytest

from tests.store.records import (
    A,
    answer,
    customer,
    guid,
    save,
    with_cases,
    with_code,
    with_customers,
)
from vetline.store.port import (
    Store,
    UnavailableError,
    UnknownCustomerError,
)


class Ends:
    """`ping`, `erase`, `close`."""

    async def test_ping_returns(self, store: Store) -> None:
        """A healthy store can be read and written."""
        await store.ping()

    async def test_erase_forgets_everything(self, store: Store) -> None:
        """Customers, cases, codes, answers, and what waits."""
        await with_cases(store, [1, 2])
        await with_code(store)
        await save(store, remember=answer())
        await store.erase()
        assert (list(await store.codes(A)), await store.answer(A, answer().key)) == ([], None)
        assert await store.waiting() == (0, 0)
        with pytest.raises(UnknownCustomerError):
            await store.customer(A, guid(1))
        await with_cases(store, [1, 2])

    async def test_close_finishes_what_is_being_saved(self, store: Store) -> None:
        """Every save that began before the end is either kept or told that it was not; none hangs."""
        saves = [asyncio.create_task(with_customers(store, customer(number))) for number in range(200)]
        await asyncio.sleep(0)
        await store.close()
        outcomes = await asyncio.wait_for(asyncio.gather(*saves, return_exceptions=True), 10)
        assert {type(one) for one in outcomes} == {type(None)}

    async def test_closed_store_is_unavailable(self, store: Store) -> None:
        """Reads and writes after the end say so."""
        await store.close()
        with pytest.raises(UnavailableError):
            await with_customers(store, customer())
        with pytest.raises(UnavailableError):
            await store.codes(A)
