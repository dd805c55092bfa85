"""Two processes on one SQLite file: one answers, the other screens."""

import time
from pathlib import Path

from tests.api.service import Service
from tests.support.authority import Authority

DEADLINE_SECONDS = 20


def test_one_answers_and_the_other_screens(tmp_path: Path) -> None:
    """What the answering process accepts is judged by the other, and read back from the first."""
    database = tmp_path / "vetline.db"
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
