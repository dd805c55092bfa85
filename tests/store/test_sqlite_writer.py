"""The SQLite store's own promises: durable commits, many at once; reads that never wait; failures that are whole."""

import asyncio
import contextlib
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.store.records import (
    EDUCATION,
    GOVERNMENT,
    A,
    answer,
    at,
    customer,
    guid,
    moved,
    save,
    submitted,
    with_customers,
)
from vetline.store.port import ConflictError, UnavailableError
from vetline.store.records import CustomerQuery
from vetline.store.sqlite.checkpoint import RESTART_PAGES
from vetline.store.sqlite.schema import connect
from vetline.store.sqlite.store import SqliteStore
from vetline.store.sqlite.writer import GroupWriter

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store's file is."""
    return tmp_path / "vetline.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """A fresh store."""
    found = SqliteStore(path)
    yield found
    await found.close()


@pytest.fixture
async def other(store: SqliteStore, path: Path) -> AsyncIterator[sqlite3.Connection]:
    """A second program's connection to the store's file."""
    found = sqlite3.connect(path, isolation_level=None, timeout=0)
    yield found
    found.close()


@pytest.mark.parametrize(("durable", "synchronous", "checkpoint"), [(True, 2, 0), (False, 0, 1000)])
def test_connections_are_durable_unless_thrown_away(
    path: Path, durable: bool, synchronous: int, checkpoint: int
) -> None:
    """Write-ahead log, a sync at each commit (FULL is 2), and foreign keys, on every connection."""
    connection = connect(path, busy_ms=1, durable=durable)
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0]
             for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")}  # fmt: skip
    connection.close()
    expected = {"journal_mode": "wal", "synchronous": synchronous, "foreign_keys": 1}
    assert found == expected | {"wal_autocheckpoint": checkpoint}


async def test_reads_do_not_wait_for_a_write_in_progress(store: SqliteStore, other: sqlite3.Connection) -> None:
    """While another program's write transaction is open, every read answers, with the state before it."""
    await with_customers(store, customer(1))
    await save(store, *moved(submitted(customer(1))), remember=answer())
    other.execute("BEGIN EXCLUSIVE")
    other.execute("UPDATE customers SET domain = 'changed'")
    reads = [store.standing(A, guid(1)), store.dossier(A, guid(1), "1"), store.answer(A, answer().key)]
    reads += [store.customers(A, CustomerQuery(9)), store.queue(None, 9), store.waiting(), store.codes(A)]
    await asyncio.gather(*reads)
    assert other.in_transaction
    assert (await store.customer(A, guid(1))).domain == customer(1).domain
    other.execute("ROLLBACK")


async def test_locked_database_is_unavailable_and_then_well_again(
    store: SqliteStore, other: sqlite3.Connection
) -> None:
    """Whoever waits for a lock that does not come is told so, with nothing saved; the next save works."""
    await with_customers(store, customer(1))
    other.execute("BEGIN IMMEDIATE")
    saves = [save(store, *moved(submitted(customer(1)))), with_customers(store, customer(2)), store.ping()]
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert [type(one) for one in outcomes] == [UnavailableError] * 3
    other.execute("ROLLBACK")
    assert list(await store.standing(A, guid(1))) == []
    await save(store, *moved(submitted(customer(1))))


async def test_saves_that_wait_together_are_committed_together(store: SqliteStore, path: Path) -> None:
    """A thousand saves at once take far fewer commits: each commit is one growth of the file's change counter."""
    commits = 0

    def committed() -> None:
        nonlocal commits
        commits += 1

    writer = GroupWriter(connect(path, busy_ms=2_000), committed)
    work = "INSERT INTO answers VALUES (x'00', randomblob(16), x'00', 200, x'00', 0)"
    await asyncio.gather(*(writer.run(lambda connection: connection.execute(work)) for _ in range(1_000)))
    await writer.close()
    assert 1_000 / 512 <= commits <= 100


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that change places as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("restless")
async def test_work_that_meets_the_end_is_done_or_refused() -> None:
    """However the two meet, nothing is queued behind the end and waits for ever."""
    for _ in range(400):
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        writer = GroupWriter(connection, lambda: None)
        working = asyncio.gather(*(_until_refused(writer) for _ in range(20)))
        await asyncio.sleep(0)
        await writer.close()
        await asyncio.wait_for(working, 10)


async def _until_refused(writer: GroupWriter) -> None:
    with contextlib.suppress(UnavailableError):
        while True:
            await writer.run(lambda connection: None)


async def test_full_database_fails_all_with_nothing_half_done(store: SqliteStore) -> None:
    """When the disk is full in the middle of a batch, all of it is unavailable and none of it is there."""
    await with_customers(store, *(customer(number) for number in range(1, 40)))
    pages = await _limit(store, extra=8)
    big = b"x" * 20_000
    saves = [save(store, *moved(submitted(customer(n))), remember=answer(n, body=big)) for n in range(1, 40)]
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    kept = [n for n, outcome in zip(range(1, 40), outcomes, strict=True) if outcome is None]
    assert Counter(map(type, outcomes))[UnavailableError] == 39 - len(kept) > 0
    for n in range(1, 40):
        whole = (n in kept, n in kept)
        assert (bool(await store.standing(A, guid(n))), await store.answer(A, answer(n).key) is not None) == whole
    await _limit(store, extra=pages + 10_000)
    await asyncio.gather(*(save(store, remember=answer(n, body=big)) for n in range(100, 140)))


async def _limit(store: SqliteStore, extra: int) -> int:
    """Let the writer's database grow by so many pages and no further, as a full disk would."""

    def limit(connection: sqlite3.Connection) -> int:
        pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
        connection.execute(f"PRAGMA max_page_count = {pages + extra}").fetchone()
        return pages

    return int(await store._writer.run(limit))


async def test_index_guards_education_and_government_whatever_is_decided(
    store: SqliteStore, other: sqlite3.Connection
) -> None:
    """The file itself refuses a second exclusive case, also from a program that never asked the rules."""
    await with_customers(store, customer(1))
    await save(store, *moved(submitted(customer(1), EDUCATION)))
    copy = """
        INSERT INTO cases (partner, customer, programme, stage, attempt, claim, submitted_at, version)
        SELECT partner, customer, 'government', ?, 1, claim, 0, 1 FROM cases"""
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        other.execute(copy, ("approved",))
    other.execute(copy, ("denied",))


async def test_race_of_education_and_government_has_one_winner(store: SqliteStore) -> None:
    """However the two meet in one commit or two, exactly one is saved for each customer."""
    numbers = range(1, 101)
    await with_customers(store, *(customer(number) for number in numbers))
    pairs = [(n, programme) for n in numbers for programme in (EDUCATION, GOVERNMENT)]
    saves = [save(store, *moved(submitted(customer(n), programme))) for n, programme in pairs]
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert Counter(type(one) for one in outcomes) == {type(None): 100, ConflictError: 100}
    assert {len(await store.standing(A, guid(n))) for n in numbers} == {1}


async def test_log_stops_growing_while_it_is_always_written(store: SqliteStore, path: Path) -> None:
    """Past its limit the log starts again from the front; left alone it would hold all that was ever written."""
    log, limit = path.with_name("vetline.db-wal"), RESTART_PAGES * PAGE
    body, written, number = b"x" * 250_000, 0, 0
    while written < 8 * limit:
        await asyncio.gather(*(save(store, remember=answer(number + n, body=body)) for n in range(8)))
        number, written = number + 8, written + 8 * len(body)
        if number % 200 == 0:
            await store.forget_answers(at(1), 200)
    assert log.stat().st_size < written / 2


async def test_store_is_whole_after_all_of_it(store: SqliteStore, other: sqlite3.Connection) -> None:
    """A busy mixture of saves, claims and removals leaves a file in which SQLite finds no fault."""
    await with_customers(store, *(customer(number) for number in range(200)))
    saves = [save(store, *moved(submitted(customer(n))), remember=answer(n)) for n in range(200)]
    claims = [store.claim_due(at(1), at(2), 10) for _ in range(20)]
    await asyncio.gather(*saves, *claims, *(store.forget_answers(at(1), 5) for _ in range(20)))
    assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert other.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("raised", "mine", "others"),
    [
        (sqlite3.IntegrityError("UNIQUE constraint failed"), ConflictError, None),
        (ValueError("a mistake of its own"), ValueError, None),
        (sqlite3.ProgrammingError("a type that SQLite does not have"), sqlite3.ProgrammingError, None),
        (sqlite3.OperationalError("disk I/O error"), UnavailableError, UnavailableError),
        (sqlite3.DatabaseError("database disk image is malformed"), UnavailableError, UnavailableError),
    ],
)
async def test_failure_is_its_own_items_or_the_disks(
    path: Path, raised: Exception, mine: type[Exception], others: type[Exception] | None
) -> None:
    """What one piece of work does wrong is its own; what the disk does wrong fails all that was not committed yet."""
    writer = GroupWriter(connect(path, busy_ms=2_000), lambda: None)

    def fails(connection: sqlite3.Connection) -> None:
        raise raised

    begun, go_on = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> None:
        begun.set()
        go_on.wait(5)

    holding = asyncio.create_task(writer.run(hold, long=True))
    await asyncio.to_thread(begun.wait, 5)
    work = [writer.run(one) for one in (lambda connection: None, fails, lambda connection: None)]
    together = asyncio.gather(*work, return_exceptions=True)
    await asyncio.sleep(0)
    go_on.set()
    outcomes = await together
    await holding
    await writer.close()
    assert [type(one) if isinstance(one, Exception) else None for one in outcomes] == [others, mine, others]
