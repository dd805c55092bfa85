"""Each bad client is caught by the item that it fails, and by no other; the good one by none."""

import contextlib

import pytest

from .programs import BAD, Program
from .scenario import FaultySandbox

# A receiver of webhooks is another program.
_ELSEWHERE = {"webhook-signatures"}


@pytest.fixture(autouse=True)
def no_time_passes(faulty: FaultySandbox) -> None:
    """But what a program waits: on a busy machine a request takes as long as a client should have paused."""
    faulty.http.post("/sandbox/clock", json={"frozen": True}).raise_for_status()


def test_a_good_client_passes_everything(faulty: FaultySandbox) -> None:
    program = Program(faulty)
    with program.http:
        program.work()
    scores = faulty.judge("Program")
    assert scores.all("failed") == set(), scores
    assert scores.all("not tried") == _ELSEWHERE, scores


@pytest.mark.parametrize("kind", BAD, ids=lambda kind: kind.__name__)
def test_a_bad_client_fails_its_item(faulty: FaultySandbox, kind: type[Program]) -> None:
    program = kind(faulty)
    with program.http, contextlib.suppress(KeyError, AssertionError):
        program.work()
    scores = faulty.judge(kind.__name__)
    assert scores.all("failed") == {BAD[kind]}, scores
    assert scores.items[BAD[kind]]["exchanges"], scores


def test_clients_are_told_apart(faulty: FaultySandbox) -> None:
    """A bad one beside a good one: all together fail, and each is judged alone when asked for."""
    good, bad = Program(faulty), next(one for one in BAD if BAD[one] == "request-id-renewed")(faulty)
    for program in (good, bad):
        with program.http:
            program.call("GET", "/v1/customers")
            program.call("GET", "/v1/customers/all/validations")
    assert faulty.judge().all("failed") == {"request-id-renewed"}
    assert faulty.judge("Program").all("failed") == set()
    assert len(faulty.judge().card["clients"]) == 2
