"""Copying from SQLite to PostgreSQL: everything arrives, once, whatever happened before, or it is told why not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.copying.moving import ask, assert_moved, change, copied, held_now, installation, interrupted
from tests.store.records import A, at, guid
from tests.support.postgres import PostgresServer
from vetline.store.copying.copy import MAX_BYTES, MAX_ROWS, batches
from vetline.store.copying.outcomes import CopyConflictError
from vetline.store.copying.source import tables
from vetline.store.port import SchemaError
from vetline.store.postgres.store import PostgresStore
from vetline.store.sqlite.store import SqliteStore


@pytest.fixture
async def source(tmp_path: Path) -> Path:
    """An installation with something in every table."""
    return await installation(tmp_path / "vetline.db")


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A fresh place."""
    return postgres.fresh()


def bytes_of(path: Path) -> bytes:
    """Return a file as it is."""
    return path.read_bytes()


async def test_every_row_of_every_table_arrives(source: Path, url: str) -> None:
    """And the file that it comes from stays byte for byte as it was."""
    before = bytes_of(source)
    compared = await copied(source, url)
    assert [(one.table, one.same) for one in compared] == [(table.name, True) for table in tables()]
    assert all(one.source.rows > 0 for one in compared), "the installation should have something in every table"
    await assert_moved(source, url)
    assert bytes_of(source) == before


async def test_the_new_store_answers_as_the_old_one(source: Path, url: str) -> None:
    """Codes redeemed in their order, the queue, what waits, an answer; the sequence behind the order goes on."""
    old, new = SqliteStore(source), None
    told = [await _told(old)]
    await old.close()
    await copied(source, url)
    new = await PostgresStore.open(url)
    told.append(await _told(new))
    await new.close()
    assert told[0] == told[1]


async def _told(store: SqliteStore | PostgresStore) -> list[object]:
    case = (await store.queue(None, 1))[0]
    return [
        list(await store.queue(None, 100)),
        list(await store.history(case)),
        await store.waiting(),
        list(await store.codes(A)),
        [list(await store.redeemed_codes(A, guid(number))) for number in (201, 202)],
        await store.answer(A, (2).to_bytes(16, "big")),
    ]


async def test_leases_stay_behind_and_due_dates_come_along(source: Path, url: str) -> None:
    """What a worker of the old installation held is due at once for the new one's."""
    await copied(source, url)
    store = await PostgresStore.open(url)
    claimed = await store.claim_due(at(1_000), at(2_000), 100)
    await store.close()
    assert [case.due_at for case in claimed] == sorted(
        [at(number) for number in range(21, 41)] + [at(number) for number in range(101, 104)]
    )


async def test_an_empty_installation_can_be_moved(tmp_path: Path, url: str) -> None:
    """There is nothing to copy, and that is the same on both sides."""
    path = tmp_path / "vetline.db"
    await SqliteStore(path).close()
    assert all(one.same and one.target.rows == 0 for one in await copied(path, url))


# Going on


@pytest.mark.parametrize("whole", [(), ("customers",), ("customers", "cases", "events"), [t.name for t in tables()]])
@pytest.mark.parametrize("rows", [0, 1, 7])
async def test_an_interrupted_copy_goes_on(source: Path, url: str, rows: int, whole: list[str]) -> None:
    """Wherever it ended, the next run ends with the same, each row once."""
    with_parents = [*whole, "customers"] if rows else whole
    await interrupted(source, url, rows, with_parents)
    assert all(one.same for one in await copied(source, url))
    await assert_moved(source, url)


async def test_a_finished_copy_is_only_compared(source: Path, url: str) -> None:
    """A run that was killed after its last transaction looks to its caller like one that was not."""
    assert await copied(source, url) == await copied(source, url)
    await assert_moved(source, url)


async def test_a_source_that_grew_between_two_runs_is_copied_as_it_is_now(source: Path, url: str) -> None:
    """What was copied is still what it begins with, so nothing is wrong; VACUUM numbers the rows anew."""
    change(source, "DELETE FROM answers WHERE rowid = 1")
    await interrupted(source, url, 3, ["customers"])
    change(source, "VACUUM")
    change(source, "INSERT INTO codes VALUES (?, 'new', 'Contoso', 5, 5, 1)", bytes(16))
    change(source, "UPDATE cases SET reason = 'later' WHERE rowid = 20")
    await copied(source, url)
    await assert_moved(source, url)


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE customers SET domain = 'other.example' WHERE rowid = 5",
        "UPDATE cases SET version = version + 1 WHERE rowid = 2",
        "UPDATE answers SET body = x'00' WHERE rowid = 3",
        "DELETE FROM events WHERE rowid = 1",
    ],
)
async def test_a_source_that_changed_between_two_runs_is_refused(source: Path, url: str, changed: str) -> None:
    """What was copied is no longer true; nothing is served, and it is said how to begin again."""
    await interrupted(source, url, 3, ["customers"])
    change(source, changed)
    with pytest.raises(CopyConflictError, match=r"changed since this copy began\. Begin again with an empty"):
        await copied(source, url)
    with pytest.raises(SchemaError, match="not finished"):
        await PostgresStore.open(url)


async def test_a_target_that_changed_between_two_runs_is_refused(source: Path, url: str) -> None:
    """As by a service that was running there all the time."""
    await interrupted(source, url, 3, ["customers"])
    await ask(url, "DELETE FROM events")
    await ask(url, f"INSERT INTO events VALUES ('{A}', '{guid(1)}', 'education', 9, now(), '')")
    with pytest.raises(CopyConflictError, match="one of the two has changed"):
        await copied(source, url)


async def test_somebody_who_writes_meanwhile_is_noticed_at_the_end(source: Path, url: str) -> None:
    """The comparison tells the table, and the copy stays unfinished."""
    await _with_a_meddler(url)
    compared = await copied(source, url)
    assert [one.table for one in compared if not one.same] == ["cases"]
    with pytest.raises(SchemaError, match="not finished"):
        await PostgresStore.open(url)


async def _with_a_meddler(url: str) -> None:
    """Prepare a target where each batch of answers moves a case."""
    await (await PostgresStore.open(url)).close()
    await ask(url, "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   "UPDATE cases SET attempt = attempt + 1 WHERE customer IN (SELECT customer FROM cases LIMIT 1); "
                   "RETURN NULL; END $$")  # fmt: skip
    await ask(url, "CREATE TRIGGER meddle AFTER INSERT ON answers EXECUTE FUNCTION meddle()")


# What is refused


@pytest.mark.parametrize("kind", ["other rows", "more rows", "served since"])
async def test_a_target_with_other_data_is_refused_untouched(source: Path, url: str, tmp_path: Path, kind: str) -> None:
    """Whether it is another installation's or this one's, gone on."""
    other = source
    if kind == "other rows":
        other = tmp_path / "other.db"
        await SqliteStore(other).close()
        change(other, "INSERT INTO codes VALUES (?, 'a', 'Contoso', 5, 5, 1)", bytes(16))
    await copied(other, url)
    if kind == "more rows":
        await ask(url, f"INSERT INTO codes VALUES ('{A}', 'z', 'Contoso', 1, 1, now())")
    if kind == "served since":
        await ask(url, "UPDATE codes SET remaining = remaining - 1")
    before = [await held_now(url, table) for table in tables()]
    with pytest.raises(CopyConflictError, match=r"holds other data already\. Give --to an empty database"):
        await copied(source, url)
    assert [await held_now(url, table) for table in tables()] == before
    await (await PostgresStore.open(url)).close()


async def test_an_older_target_with_data_is_not_migrated(source: Path, url: str) -> None:
    """It is somebody's installation: refused before anything is done to it."""
    await ask(url, "CREATE TABLE codes (a integer)")
    await ask(url, "INSERT INTO codes VALUES (1)")
    with pytest.raises(CopyConflictError, match="holds other data already"):
        await copied(source, url)
    assert await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()") == [("codes",)]


async def test_a_target_of_another_program_or_a_newer_release_is_refused(
    source: Path, postgres: PostgresServer
) -> None:
    """With the sentences that a service would say."""
    foreign, newer = postgres.fresh(), postgres.fresh()
    await ask(foreign, "CREATE TABLE cases (a integer)")
    with pytest.raises(SchemaError, match="another program"):
        await copied(source, foreign)
    await (await PostgresStore.open(newer)).close()
    await ask(newer, "UPDATE vetline_schema SET version = 99, readable_by = 99")
    with pytest.raises(SchemaError, match="newer release"):
        await copied(source, newer)


async def test_a_row_that_does_not_fit_is_refused_without_being_shown(source: Path, url: str) -> None:
    """PostgreSQL keeps no text with NUL; what else is in the row is nobody's business."""
    change(source, "UPDATE customers SET domain = 'secret' || char(0) WHERE rowid = 7")
    with pytest.raises(CopyConflictError, match="A row of customers does not fit") as refused:
        await copied(source, url)
    assert "secret" not in str(refused.value)
    change(source, "UPDATE customers SET domain = 'better' WHERE rowid = 7")
    await copied(source, url)
    await assert_moved(source, url)


# Batches


@given(st.lists(st.sampled_from([0, 100, MAX_BYTES // 3, MAX_BYTES]), max_size=12), st.integers(0, 3))
def test_batches_are_bounded_and_lose_nothing(sizes: list[int], repeated: int) -> None:
    """Every row is in one of them, in order; none is empty, and only its last row may go over the limit."""
    rows = [(number, bytes(size), None) for number, size in enumerate(sizes + [1] * (repeated * MAX_ROWS // 2))]
    found = list(batches(iter(rows)))
    assert [row for batch in found for row in batch] == rows
    assert all(0 < len(batch) <= MAX_ROWS for batch in found)
    assert all(sum(len(row[1]) for row in batch[:-1]) < MAX_BYTES for batch in found)
