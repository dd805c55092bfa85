"""A full disk and a locked file: a clean 503 that says when to come back, nothing half done, and then all is well."""

import contextlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from tests.support.partner import EDUCATION, new_customer, qualifications
from tests.support.processes import Sandbox
from tests.support.small_disk import FileLimit, Space, small_disk
from vetline.store.sqlite.checkpoint import INTERVAL_SECONDS

SCHOOL = "11111111-c0c0-4000-8000-000000000006"
OXFORD = "11111111-c0c0-4000-8000-000000000001"
DEADLINE = 15.0


def _post(sandbox: Sandbox, customer: str = SCHOOL, request: str = "first") -> httpx2.Response:
    return sandbox.call("POST", qualifications(customer), json=EDUCATION, headers={"MS-RequestId": request})


def _assert_unavailable(answer: httpx2.Response) -> None:
    """503 in the service's own shape, with whole seconds to wait."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"].isdigit()
    assert answer.json()["errorName"] == "Unavailable"
    assert answer.headers["ms-requestid"]


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline


def _stage(sandbox: Sandbox, customer: str) -> str:
    (standing,) = sandbox.call("GET", qualifications(customer)).json()
    return str(standing["vettingStatus"])


@pytest.fixture(params=["full disk", "file limit"])
def space(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Space]:
    """A place that runs out of space; where nobody may mount a small disk, the limit on files stands in alone."""
    if request.param == "file limit":
        yield FileLimit(tmp_path / "data")
        return
    with contextlib.ExitStack() as mounts:
        try:
            disk = mounts.enter_context(small_disk(tmp_path / "disk", 8))
        except (PermissionError, FileNotFoundError) as error:
            pytest.skip(f"no disk can be mounted here ({error}); the same tests run with a limit on files")
        yield disk


@pytest.fixture
def cramped(space: Space) -> Iterator[Sandbox]:
    """A sandbox that keeps everything in that place."""
    with Sandbox("--data", str(space.folder)) as sandbox:
        yield sandbox


def _fill_by_use(sandbox: Sandbox, space: Space) -> list[str]:
    """Take the space, then create customers until none fits any more; return those that were acknowledged.

    One refusal is not the end: a checkpoint may make room in the log once more, and a qualification needs less of it
    than a customer.
    """
    space.take(sandbox)
    created, unasked, fitted, begun = list[str](), list[str](), time.monotonic(), time.monotonic()
    for number in itertools.count():
        answer = sandbox.call("POST", "/v1/customers", json=new_customer(number))
        if _fits(answer):
            created.append(answer.json()["id"])
            unasked.append(created[-1])
            fitted = time.monotonic()
        elif unasked and _fits(_post(sandbox, unasked[-1], unasked[-1])):
            unasked.pop()
            fitted = time.monotonic()
        if time.monotonic() - fitted > 6 * INTERVAL_SECONDS:
            return created
        assert time.monotonic() - begun < 60, "there was always space"
    raise AssertionError("counting does not end")


def _fits(answer: httpx2.Response) -> bool:
    if answer.status_code != 201:
        _assert_unavailable(answer)
    return answer.status_code == 201


def test_full_disk_is_said_and_survived(cramped: Sandbox, space: Space) -> None:
    """Writes get 503, reads are answered, readiness says no; with space again the same request is done once."""
    created = _fill_by_use(cramped, space)
    for _ in range(3):
        _assert_unavailable(_post(cramped))
    assert cramped.call("GET", qualifications(SCHOOL)).json() == []
    assert cramped.http.get("/healthz").status_code == 200
    _until(lambda: cramped.http.get("/readyz").status_code == 503)
    space.give_back(cramped)
    _until(lambda: _post(cramped).status_code == 201)
    assert [cramped.call("GET", f"/v1/customers/{one}").status_code for one in created] == [200] * len(created)
    _until(lambda: cramped.http.post("/sandbox/clock", json={"advanceSeconds": 61}).status_code == 200)
    assert cramped.stop() == 0
    _assert_sound(space.folder / "vetline.db")


def _assert_sound(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    counted = connection.execute("SELECT count(*) FROM events WHERE customer = ?", (UUID(SCHOOL).bytes,))
    assert counted.fetchone() == (2,)
    connection.close()


def test_kill_on_a_full_disk_loses_nothing(cramped: Sandbox, space: Space) -> None:
    """The process dies while the disk is full; what was acknowledged is there when it starts again with space."""
    created = _fill_by_use(cramped, space)
    cramped.kill()
    space.give_back(cramped)
    with Sandbox("--data", str(space.folder)) as sandbox:
        assert [sandbox.call("GET", f"/v1/customers/{one}").status_code for one in created] == [200] * len(created)
        assert _post(sandbox).status_code == 201


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox on an ordinary disk."""
    with Sandbox("--data", str(tmp_path)) as sandbox:
        yield sandbox


def test_locked_file_is_said_and_survived(lasting: Sandbox, tmp_path: Path) -> None:
    """While another process holds the file, writes get 503 and reads are answered; afterwards all is as usual."""
    assert _post(lasting, OXFORD).status_code == 201
    other = sqlite3.connect(tmp_path / "vetline.db", isolation_level=None, timeout=10)
    other.execute("BEGIN EXCLUSIVE")
    _assert_unavailable(_post(lasting))
    assert lasting.http.get("/readyz").status_code == 503
    assert lasting.call("GET", qualifications(SCHOOL)).json() == []
    assert _post(lasting, OXFORD).status_code == 201
    other.execute("ROLLBACK")
    other.close()
    assert _post(lasting).status_code == 201
    assert lasting.http.get("/readyz").status_code == 200


def test_worker_goes_on_after_the_lock(lasting: Sandbox, tmp_path: Path) -> None:
    """What was submitted before the lock is decided after it without anybody's help."""
    other = sqlite3.connect(tmp_path / "vetline.db", isolation_level=None, timeout=10)
    assert _post(lasting, OXFORD).status_code == 201
    other.execute("BEGIN EXCLUSIVE")
    _assert_unavailable(_post(lasting))
    other.execute("ROLLBACK")
    other.close()
    lasting.http.post("/sandbox/clock", json={"advanceSeconds": 61}).raise_for_status()
    lasting._tokens.clear()
    assert _stage(lasting, OXFORD) == "Approved"
