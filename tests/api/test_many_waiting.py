"""Two thousand clients that wait at once, each on a connection of its own: others are served, the memory is bounded."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.partner import EDUCATION
from tests.support.processes import Sandbox
from tests.support.waiting import Waiter, held, until_held
from vetline.connections import connections_possible

MANY = 2_000
WAIT = "wait=20"
MAX_KIB_EACH = 64
SCHOOL = "11111111-c0c0-4000-8000-000000000006"
PATH = f"/v1/customers/{SCHOOL}/qualifications"


@pytest.fixture
def by_hand() -> Iterator[Sandbox]:
    """A sandbox of the test's own, in which nothing is decided unless a person does."""
    with Sandbox("--vetting", "by-hand") as found:
        yield found


def test_many_wait_at_once(by_hand: Sandbox) -> None:
    """All are held, a read beside them is answered at once, and one decision answers them all."""
    connections_possible()  # each is a file of ours too
    by_hand.call("POST", PATH, json=EDUCATION).raise_for_status()
    headers = {"Authorization": f"Bearer {by_hand.token()}", "Prefer": WAIT}
    before = _resident_kib(by_hand)
    with ExitStack() as stack:
        waiters = [stack.enter_context(Waiter(by_hand, PATH, headers)) for _ in range(MANY)]
        until_held(by_hand, MANY)
        assert _resident_kib(by_hand) - before < MANY * MAX_KIB_EACH
        begun = time.monotonic()
        for _ in range(20):
            assert by_hand.call("GET", PATH).json()[0]["vettingStatus"] == "InReview"
        assert time.monotonic() - begun < 20 * 0.25
        decision = {"customerId": SCHOOL, "qualification": "Education", "vettingStatus": "Approved"}
        by_hand.http.post("/sandbox/decisions", json=decision).raise_for_status()
        answers = [waiter.answer() for waiter in waiters]
    assert {(found.status, found.body) for found in answers} == {
        (200, b'[{"qualification":"Education","vettingStatus":"Approved"}]')
    }
    assert held(by_hand) == 0
    assert "error" not in by_hand.log()


def _resident_kib(sandbox: Sandbox) -> int:
    status = Path(f"/proc/{sandbox.process.pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
