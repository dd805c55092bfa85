"""The PostgreSQL store when the database goes away: nothing half done, nothing lost, nobody waits for ever."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.store.records import (
    EDUCATION,
    A,
    answer,
    approved,
    code,
    customer,
    denied,
    guid,
    moved,
    save,
    submitted,
    with_cases,
    with_customers,
)
from tests.support.postgres import PostgresServer
from tests.support.wire_tap import COMMIT, WireTap
from vetline.store.changes import CodeIssued, CustomerRemoved
from vetline.store.port import AlreadyAnsweredError, ConflictError, UnavailableError
from vetline.store.postgres.link import USE_SECONDS
from vetline.store.postgres.store import PostgresStore

_END_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'vetline'"


@pytest.fixture
async def line(postgres: PostgresServer) -> AsyncIterator[WireTap]:
    """A line to a fresh place in the database."""
    async with WireTap(postgres.fresh()) as found:
        yield found


@pytest.fixture
async def store(line: WireTap) -> AsyncIterator[PostgresStore]:
    """A fresh store at the other end of the line."""
    found = await PostgresStore.open(line.url)
    yield found
    line.release()
    await found.close()


async def test_lost_connections_are_replaced(store: PostgresStore, line: WireTap) -> None:
    """After a cut the next read and the next save work, as if nothing had been."""
    for number in range(3):
        await with_customers(store, customer(number))
        line.cut()
        assert await store.customer(A, guid(number)) == customer(number)


@pytest.mark.parametrize("message", [b"INSERT", COMMIT])
async def test_change_that_did_not_arrive_is_saved_anew(store: PostgresStore, line: WireTap, message: bytes) -> None:
    """The connection is lost before the database heard of it: the caller notices nothing."""
    await with_customers(store, customer(1))
    line.cut_before = message
    await save(store, *moved(submitted(customer(1))), remember=answer())
    assert (line.cuts, len(await store.standing(A, guid(1)))) == (1, 1)
    assert await store.answer(A, answer().key) == answer()


async def test_change_that_was_committed_unseen_is_saved_once(store: PostgresStore, line: WireTap) -> None:
    """The database committed and its word was lost: with a remembered answer, with a step alone, many at once."""
    first, second = await with_cases(store, [1, 2])
    await with_customers(store, *(customer(number) for number in range(3, 40)))
    line.cut_after = COMMIT
    await save(store, *moved(approved(first)), remember=answer(1))
    line.cut_after = COMMIT
    await save(store, *moved(denied(second)))
    line.cut_after = COMMIT
    new = [submitted(customer(number)) for number in range(3, 40)]
    await asyncio.gather(*(save(store, *moved(one), remember=answer(10 + n)) for n, one in enumerate(new)))
    assert line.cuts == 3
    steps = [len(await store.history(one)) for one in (first, second, *(one.case for one in new))]
    assert steps == [2, 2, *[1] * len(new)]


async def test_what_cannot_be_known_is_not_claimed(store: PostgresStore, line: WireTap) -> None:
    """A change that leaves no trace of its own is reported as unavailable, though it may have been saved."""
    await with_customers(store, customer(1))
    line.cut_after = COMMIT
    with pytest.raises(UnavailableError, match="not known"):
        await save(store, CustomerRemoved(A, guid(1)))
    line.cut_after = COMMIT
    await save(store, CodeIssued(code()))  # issuing it twice is issuing it
    assert [one.code for one in await store.codes(A)] == [code().code]


async def test_others_conflict_is_no_success(store: PostgresStore, line: WireTap) -> None:
    """A commit that did not arrive, and meanwhile somebody else decided: the caller is told so."""
    (case,) = await with_cases(store, [1])
    rival = await PostgresStore.open(line.url)
    line.cut_before = COMMIT
    outcomes = await asyncio.gather(
        save(store, *moved(approved(case))), save(rival, *moved(denied(case))), return_exceptions=True
    )
    await rival.close()
    assert Counter(type(one) for one in outcomes) == {type(None): 1, ConflictError: 1}
    assert len(await store.history(case)) == 2


async def test_database_that_hangs_is_unavailable_in_time(store: PostgresStore, line: WireTap) -> None:
    """Nothing comes back any more: every caller is told within the deadline, also those who queue behind others."""
    await with_customers(store, customer(1))
    line.hold()
    begun = time.monotonic()
    saves = [save(store, *moved(submitted(customer(1))), remember=answer(number)) for number in range(300)]
    reads = [store.standing(A, guid(1)) for _ in range(300)]
    outcomes = await asyncio.gather(*saves, *reads, store.codes(A), store.ping(), return_exceptions=True)
    assert {type(one) for one in outcomes} == {UnavailableError}
    assert time.monotonic() - begun < 3 * USE_SECONDS
    line.release()
    await save(store, *moved(submitted(customer(1))), remember=answer(999))
    assert len(await store.standing(A, guid(1))) == 1


async def test_ended_backends_lose_nothing(postgres: PostgresServer, store: PostgresStore) -> None:
    """All connections are terminated again and again in the middle of saves: each is saved exactly once."""
    numbers = range(400)
    await with_customers(store, *(customer(number) for number in numbers))
    replayed: list[bool] = []
    waiting, retried, admin = list(numbers), 0, await asyncpg.connect(postgres.url())

    async def submit() -> None:
        nonlocal retried
        while waiting:
            number = waiting.pop()
            try:
                await save(store, *moved(submitted(customer(number))), remember=answer(number))
            except UnavailableError:  # as a client does after a 503
                retried += 1
                waiting.append(number)
            except AlreadyAnsweredError as earlier:
                replayed.append(earlier.answer == answer(number))

    saving = [asyncio.create_task(submit()) for _ in range(16)]
    ended = 0
    while not all(task.done() for task in saving):
        ended += await admin.fetchval(_END_ALL)
        await asyncio.sleep(0.02)
    await asyncio.gather(*saving)
    await admin.close()
    assert ended
    assert all(replayed)
    assert await store.waiting() == (400, 0)
    assert all([await store.answer(A, answer(number).key) for number in numbers])
    print(f"\n{ended} connections ended, {retried} saves tried again")  # noqa: T201


async def test_locked_rows_are_unavailable_and_then_well_again(store: PostgresStore, line: WireTap) -> None:
    """Who waits for a lock that does not come is told so, with nothing saved; who does not need it is saved."""
    (case,) = await with_cases(store, [1])
    await with_customers(store, customer(2))
    async with _locked(line, "UPDATE cases SET attempt = attempt"):
        outcomes = await asyncio.gather(
            save(store, *moved(approved(case))), save(store, *moved(submitted(customer(2)))), return_exceptions=True
        )
        assert [isinstance(one, UnavailableError) for one in outcomes] == [True, False]
        assert await store.standing(A, guid(1))
    await save(store, *moved(approved(case)))


async def test_locked_table_is_unavailable_in_time(store: PostgresStore, line: WireTap) -> None:
    """A table that somebody rebuilds stops nobody for longer than the deadline."""
    await with_customers(store, *(customer(number) for number in range(64)))
    async with _locked(line, "LOCK TABLE answers"):
        begun = time.monotonic()
        saves = [save(store, *moved(submitted(customer(n))), remember=answer(n)) for n in range(64)]
        outcomes = await asyncio.gather(*saves, return_exceptions=True)
        assert {isinstance(one, UnavailableError) for one in outcomes} == {True}
        assert time.monotonic() - begun < 3 * USE_SECONDS
    assert await store.waiting() == (0, 0)


async def test_two_stores_that_save_the_same_in_any_order_do_not_lock_each_other_out(line: WireTap) -> None:
    """Two processes get the same thousand requests in different orders: each is saved once, the other is told."""
    one, two = await PostgresStore.open(line.url), await PostgresStore.open(line.url)
    numbers = range(200)
    await with_customers(one, *(customer(number) for number in numbers))

    async def submit(store: PostgresStore, number: int) -> None:
        await save(store, *moved(submitted(customer(number))), remember=answer(number))

    tasks = [submit(one, number) for number in numbers] + [submit(two, number) for number in reversed(numbers)]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert Counter(type(one) for one in outcomes) == {type(None): 200, AlreadyAnsweredError: 200}
    assert all([len(await one.history(submitted(customer(number)).case)) == 1 for number in numbers])
    await one.close()
    await two.close()


async def test_value_that_cannot_be_kept_takes_no_other_change_down(store: PostgresStore) -> None:
    """PostgreSQL keeps no NUL in text; whatever shares a transaction with it is saved. Nobody is found by it either."""
    names = ["School", "Sch\0ool", "Scholl"]
    saves = [with_customers(store, customer(number, name=name)) for number, name in enumerate(names)]
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert [one is None for one in outcomes] == [True, False, True]
    assert (await store.dossier(A, guid(0), "98\x007654")).code is None


async def test_commits_are_durable_whatever_the_database_says(postgres: PostgresServer) -> None:
    """Where an operator has switched synchronous_commit off, it is on again on our connections."""
    store = await PostgresStore.open(f"{postgres.fresh()}&synchronous_commit=off")
    found = await store._writers.fetch("SHOW synchronous_commit")
    await store.close()
    assert found[0][0] == "on"


@contextlib.asynccontextmanager
async def _locked(line: WireTap, statement: str) -> AsyncIterator[None]:
    """Hold the locks that a statement takes."""
    other = await asyncpg.connect(line.url)
    transaction = other.transaction()
    await transaction.start()
    await other.execute(statement)
    yield
    await transaction.rollback()
    await other.close()


async def test_case_is_saved_in_one_transaction_with_many_others(
    postgres: PostgresServer, store: PostgresStore
) -> None:
    """A thousand submissions at once take far fewer transactions."""
    await with_customers(store, *(customer(number) for number in range(1_000)))
    saves = [save(store, *moved(submitted(customer(n))), remember=answer(n)) for n in range(1_000)]
    await asyncio.gather(*saves)
    groups = await store._readers.fetch("SELECT count(DISTINCT xmin::text) FROM events")
    assert 1_000 / 128 <= groups[0][0] <= 100
    assert (await store.case(A, guid(7), EDUCATION)) is not None
