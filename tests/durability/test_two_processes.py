"""Two processes on one database: one answers, the other screens."""

import time
from pathlib import Path

import pytest

from tests.api.service import Service
from tests.support.authority import Authority
from tests.support.postgres import PostgresServer

DEADLINE_SECONDS = 20


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """An SQLite file, or a place in PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "vetline.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.fresh()


def test_one_answers_and_the_other_screens(database: Path | str) -> None:
    """What the answering process accepts is judged by the other, and read back from the first."""
    with (
        Authority() as authority,
        Service(authority, database, {"roles": "api"}) as api,
        Service(authority, database, {"roles": "worker"}) as worker,
    ):
        customer = api.customer()
        api.call("POST", f"{customer}/qualifications", json={"qualification": "Education"}).raise_for_status()
        history = api.call("GET", f"{customer}/qualifications").json()
        assert history[0]["vettingStatus"] == "InReview"
        assert _screened(worker)
        assert worker.http.get(f"{customer}/qualifications").status_code == 404


def _screened(worker: Service) -> bool:
    """Return whether the worker has moved a case before the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if 'vetline_decisions_total{stage="reviewing"} 1.0' in worker.http.get("/metrics").text:
            return True
    return False
