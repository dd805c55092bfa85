"""The dashboard's figures and the stream that says when they are new, over HTTP."""

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.support.processes import Sandbox
from tests.support.visitor import RAE, Visitor

CUSTOMER = "11111111-c0c0-4000-8000-000000000001"


@pytest.fixture
def reviewer(visitor: Visitor) -> Visitor:
    """A reviewer, signed in."""
    visitor.sign_in(RAE)
    return visitor


def figures_in(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="chart-data">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def events(reviewer: Visitor, days: int) -> Iterator[str]:
    with reviewer.http.stream("GET", f"/console/dashboard/events?days={days}") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield from answer.iter_lines()


def test_figures_come_by_themselves_and_stand_after_a_reload(reviewer: Visitor) -> None:
    """The first page may come before the first count; the stream says when to look again."""
    assert reviewer.get("/console/dashboard?days=7").status_code == 200
    assert next(line for line in events(reviewer, 7) if line.startswith("event:")) == "event: figures"
    drawn = figures_in(reviewer.get("/console/dashboard?days=7").text)
    assert set(drawn) == {"flow", "waiting", "took", "ages", "outcomes", "reasons"}
    assert len(drawn["flow"]["labels"]) == 7
    assert len(drawn["reasons"]["labels"]) == 7


def test_a_decision_by_the_data_is_counted(reviewer: Visitor, sandbox: Sandbox) -> None:
    asked = {"Qualification": "Education", "EducationSegment": "HigherEducation", "Website": "ox.ac.uk"}
    assert sandbox.call("POST", f"/v1/customers/{CUSTOMER}/qualifications", json=asked).status_code == 201
    for line in events(reviewer, 7):
        if line.startswith("event:"):
            flow = figures_in(reviewer.get("/console/dashboard?days=7").text)["flow"]
            by_data = next(series for series in flow["series"] if series["colour"] == "data")
            if by_data["values"][-1] == 1:
                return
    raise AssertionError("the stream ended")


@pytest.mark.parametrize("days", ["", "0", "8", "x", "-7", "9" * 40])
def test_another_number_of_days_is_thirty(reviewer: Visitor, days: str) -> None:
    reviewer.get("/console/dashboard")
    next(line for line in events(reviewer, 30) if line.startswith("event:"))
    drawn = figures_in(reviewer.get(f"/console/dashboard?days={days}").text)
    assert len(drawn["flow"]["labels"]) == 30


def test_who_looks_does_not_hold_up_the_end() -> None:
    """A stream that nobody closes is closed by the service when it ends."""
    with Sandbox("--memory") as own_sandbox, Visitor(own_sandbox.base) as reviewer:
        reviewer.sign_in(RAE)
        lines = events(reviewer, 7)
        next(lines)
        assert own_sandbox.stop() == 0
        assert "gave up waiting" not in own_sandbox.log()
        with contextlib.suppress(httpx2.HTTPError):  # the connection may end in the middle of a line
            list(lines)
