"""A partner with a hundred thousand waiting cases does not delay another partner's single one."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.service import Service
from tests.store.records import A as FLOODER
from tests.store.records import with_cases
from tests.support.authority import Authority
from tests.support.postgres import PostgresServer
from vetline.wiring import open_store
from vetline.worker.screening import BATCH

WAITING, CHUNK = 100_000, 5_000
SINGLE = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
PATIENCE_SECONDS = 60.0
# Those of the batch that is at hand, and those that share the next one; twice, for a machine that is busy.
FEW = 4 * BATCH

# How many of the flooder's cases were decided between the other's submission and its decision.
DECIDED_BETWEEN = """
SELECT count(*) FROM events AS e,
       (SELECT min(at) AS submitted, max(at) AS decided FROM events WHERE partner = {single}) AS other
 WHERE e.partner = {flooder} AND e.version = 2 AND e.at BETWEEN other.submitted AND other.decided
"""
LEFT = "SELECT count(*) FROM cases WHERE partner = {flooder} AND stage = 'screening'"

# Asks the database itself, and returns the number it answers.
Ask = Callable[[str], int]


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Ask]:
    """The address of an empty database, and a way to ask it."""
    if request.param == "sqlite":
        return _sqlite(tmp_path / "vetline.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return _postgres(server)


def _sqlite(file: Path) -> tuple[str, Ask]:
    literals = {name: f"x'{guid.replace('-', '')}'" for name, guid in _partners().items()}

    def ask(statement: str) -> int:
        with closing(sqlite3.connect(file)) as connection:
            return int(connection.execute(statement.format(**literals)).fetchone()[0])

    return f"sqlite:///{file}", ask


def _postgres(server: PostgresServer) -> tuple[str, Ask]:
    url, literals = server.fresh(), {name: f"'{guid}'" for name, guid in _partners().items()}
    path = f"SET search_path = {url.partition('search_path=')[2]}; "
    return url, lambda statement: int(server.sql(path + statement.format(**literals)))


def _partners() -> dict[str, str]:
    return {"flooder": FLOODER, "single": SINGLE}


async def _flood(url: str) -> None:
    store = await open_store(url)
    for first in range(1, WAITING, CHUNK):
        await with_cases(store, range(first, first + CHUNK), FLOODER)
    await store.close()


async def test_single_case_is_decided_before_the_flood(authority: Authority, database: tuple[str, Ask]) -> None:
    """It shares the next batch, while nearly everything that was there before it still waits."""
    url, ask = database
    await _flood(url)
    with Service(authority, url, {}) as service:
        _submit_and_wait(service)
        assert ask(LEFT) > WAITING / 2
    assert 0 < ask(DECIDED_BETWEEN) <= FEW


def _submit_and_wait(service: Service) -> None:
    """Submit what the triage decides by itself, and return when it did."""
    customer = f"{service.customer('gmail.com', SINGLE)}/qualifications"
    answer = service.call("POST", customer, SINGLE, json={"qualification": "Education"})
    assert answer.status_code == 201, answer.text
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _status(service, customer) == "InReview":
        assert time.monotonic() < deadline
    assert _status(service, customer) == "Denied"


def _status(service: Service, customer: str) -> str:
    """Return how it stands, if need be a little later: when that has changed."""
    (found,) = service.call("GET", customer, SINGLE, headers={"Prefer": "wait=5"}).raise_for_status().json()
    return str(found["vettingStatus"])
