"""What every store promises of its bells: each save rings those of its customers, once it can be read."""

import asyncio

import pytest

from tests.store.records import A, B, answer, approved, customer, denied, guid, moved, save, with_cases, with_customers
from vetline.store.bells import Bells
from vetline.store.changes import CustomerRemoved
from vetline.store.port import ConflictError, Store
from vetline.vetting.words import Stage

IN_TIME = 10


class BellsOfCustomers:
    """`bells`."""

    async def test_a_save_rings_its_customers_bell(self, store: Store) -> None:
        """Who waits for a customer hears of each step of its cases, and then reads it; nobody else hears anything."""
        first, _ = await with_cases(store, [1, 2])
        with store.bells.bell(A, guid(1)) as bell, store.bells.bell(A, guid(2)) as other:
            deciding = asyncio.create_task(save(store, *moved(approved(first))))
            async with asyncio.timeout(IN_TIME):
                await bell.wait()
            assert (await store.standing(A, guid(1)))[0].stage is Stage.APPROVED
            await deciding
            assert not other.is_set()

    async def test_everybody_who_waits_hears_it(self, store: Store) -> None:
        """Several may wait for one customer."""
        (case,) = await with_cases(store, [1])
        with store.bells.bell(A, guid(1)) as one, store.bells.bell(A, guid(1)) as two:
            await save(store, *moved(approved(case)))
            assert (one.is_set(), two.is_set()) == (True, True)

    async def test_a_save_that_fails_rings_nothing(self, store: Store) -> None:
        """What was not saved is no news."""
        (case,) = await with_cases(store, [1])
        await save(store, *moved(approved(case)))
        with store.bells.bell(A, guid(1)) as bell:
            with pytest.raises(ConflictError):
                await save(store, *moved(denied(case)))
            assert not bell.is_set()

    async def test_what_moves_no_case_rings_nothing(self, store: Store) -> None:
        """A remembered answer, or another customer's change."""
        await with_cases(store, [1])
        with store.bells.bell(A, guid(1)) as bell, store.bells.bell(B, guid(1)) as strangers:
            await save(store, remember=answer())
            await with_customers(store, customer(2, B))
            assert not bell.is_set()
            assert not strangers.is_set()

    async def test_coming_and_going_of_a_customer_ring(self, store: Store) -> None:
        """Nobody is left waiting for a customer that is gone, or that begins anew."""
        with store.bells.bell(A, guid(1)) as bell:
            await with_cases(store, [1])
            assert bell.is_set()
            bell.clear()
            await save(store, CustomerRemoved(A, guid(1)))
            assert bell.is_set()

    async def test_nothing_is_kept_when_nobody_waits(self, store: Store) -> None:
        """A bell is taken down also when its waiter breaks off."""
        bells: Bells = store.bells
        with bells.bell(A, guid(1)):
            with pytest.raises(ValueError, match="broke off"), bells.bell(A, guid(1)):
                raise ValueError("broke off")
            assert len(bells) == 1
        assert len(bells) == 0

    async def test_all_bells_ring_together(self, store: Store) -> None:
        """At the end of a process everybody is let go."""
        with store.bells.bell(A, guid(1)) as one, store.bells.bell(B, guid(2)) as two:
            store.bells.ring_all()
            assert (one.is_set(), two.is_set()) == (True, True)
