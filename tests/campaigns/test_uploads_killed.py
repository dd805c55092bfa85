"""kill -9 in the middle of an upload, again and again: every row is submitted exactly once, and none is forgotten."""

import asyncio
import os
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from bench.seeding import customer_id, seed_customers

from tests.store.records import EDUCATION, A
from tests.support.processes import Sandbox
from tests.support.uploading import ADA, desk_over, draft
from vetline.clock import SystemClock
from vetline.store.sqlite.store import SqliteStore
from vetline.store.uploads import Upload, UploadState

ROWS = int(os.environ.get("VETLINE_UPLOAD_ROWS", "6000"))
KILLS = 8
PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.01


def test_killed_again_and_again(tmp_path: Path) -> None:
    """At random moments of a worker that submits as fast as it can; another process takes over what it held."""
    data = tmp_path / "data"
    seed_customers(data, ROWS)
    upload = asyncio.run(_given(data))
    chance = random.Random(seed := int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000)))
    for _ in range(KILLS):
        with _serving(data) as sandbox:
            _until_fewer_wait(data, chance.randrange(1, ROWS // (2 * KILLS)))
            time.sleep(chance.uniform(0, 0.2))  # or each kill would come right after a batch was settled
            sandbox.kill()
        _end_leases(data)
    killed_at = _count(data, "SELECT count(*) FROM upload_rows WHERE state = 'waiting'")
    with _serving(data):
        _until_fewer_wait(data, ROWS)
        asyncio.run(_done(data, upload))
    print(f"\nseed {seed}: {ROWS} rows, {KILLS} kills, {killed_at} waited after the last one")  # noqa: T201
    assert killed_at > 0
    assert _submissions(data) == Counter({_key(number): 1 for number in range(ROWS)})
    assert _count(data, "SELECT count(*) FROM upload_rows WHERE state = 'sent'") == ROWS


def _serving(data: Path) -> Sandbox:
    return Sandbox("--data", str(data), "--vetting", "by-hand", "--log-level", "error")


async def _given(data: Path) -> Upload:
    store = SqliteStore(data / "vetline.db")
    desk = desk_over(store, SystemClock())
    drafts = (draft(number + 2, EDUCATION, customer=customer_id(number)) for number in range(ROWS))
    upload = await desk.begin(ADA, "in.csv", drafts)
    await store.close()
    return upload


async def _done(data: Path, upload: Upload) -> None:
    """Return when the upload is done."""
    store = SqliteStore(data / "vetline.db")
    desk = desk_over(store, SystemClock())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (found := await desk.get(A, upload.id)).state is not UploadState.DONE:  # noqa: ASYNC110 - another process
            await asyncio.sleep(LOOK_SECONDS)
    await store.close()
    assert (found.rows, found.waiting, found.failed) == (ROWS, 0, 0)


def _until_fewer_wait(data: Path, by: int) -> None:
    """Return when so many rows fewer wait than now, or none at all."""
    waiting = "SELECT count(*) FROM upload_rows WHERE state = 'waiting'"
    end, deadline = max(0, _count(data, waiting) - by), time.monotonic() + PATIENCE_SECONDS
    while _count(data, waiting) > end:
        assert time.monotonic() < deadline
        time.sleep(LOOK_SECONDS)


def _end_leases(data: Path) -> None:
    """Let the time pass for which a claim of the dead process would still count."""
    with closing(sqlite3.connect(data / "vetline.db", timeout=10)) as connection, connection:
        connection.execute("UPDATE uploads SET lease_until = 0 WHERE lease_until IS NOT NULL")


def _count(data: Path, query: str) -> int:
    with closing(sqlite3.connect(data / "vetline.db", timeout=10)) as connection:
        return int(connection.execute(query).fetchone()[0])


def _submissions(data: Path) -> Counter[bytes]:
    """Return how often each customer was submitted, from the audit log itself."""
    query = "SELECT customer, count(*) FROM events WHERE json_extract(detail, '$.step') = 'submit' GROUP BY customer"
    with closing(sqlite3.connect(data / "vetline.db")) as connection:
        return Counter(dict(connection.execute(query).fetchall()))


def _key(number: int) -> bytes:
    return bytes.fromhex(customer_id(number).replace("-", ""))
