"""`Prefer: wait=N`: a held answer comes with the decision, whoever made it, and holds nobody else up.

Each test knows that its requests are held before it goes on: /metrics counts them. `LONG` is as long as a wait may be,
and `SOON` well below it: who is answered so soon was woken, or never waited.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.api.conftest import Serve
from tests.api.service import Service
from tests.support.authority import OPERATOR
from tests.support.partner import EDUCATION, new_customer
from tests.support.processes import CONTOSO, Sandbox, VetlineProcess
from tests.support.sending import Received
from tests.support.waiting import Waiter, until_held

LONG = 20
SOON = LONG / 2
REVIEWER = {"roles": ["Vetline.Reviewer"]}
# The data is sure of it: a disposable mail domain.
DENIED_BY_DATA = "mailinator.com"


@pytest.fixture
def customer(sandbox: Sandbox) -> str:
    """The path of a customer whose case waits for a person."""
    return _in_review(sandbox)


@pytest.fixture(scope="module")
def by_polls() -> Iterator[Sandbox]:
    """A sandbox in which the third read decides."""
    with Sandbox("--vetting", "after-polls:2") as found:
        yield found


@pytest.fixture(scope="module")
def tomorrow() -> Iterator[Sandbox]:
    """A sandbox in which a case is decided after a day."""
    with Sandbox("--vetting", "after:86400") as found:
        yield found


def _in_review(sandbox: Sandbox) -> str:
    created = sandbox.call("POST", "/v1/customers", json=new_customer(1)).raise_for_status().json()
    path = f"/v1/customers/{created['id']}"
    sandbox.call("POST", f"{path}/qualifications", json=EDUCATION).raise_for_status()
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0}).raise_for_status()
    return path


def _waiter(sandbox: Sandbox, customer: str, prefer: str = f"wait={LONG}") -> Waiter:
    headers = {"Authorization": f"Bearer {sandbox.token()}", "Prefer": prefer}
    return Waiter(sandbox, f"{customer}/qualifications", headers)


def _decide(sandbox: Sandbox, customer: str, status: str = "Approved") -> None:
    body = {"customerId": customer.rpartition("/")[2], "qualification": "Education", "vettingStatus": status}
    sandbox.http.post("/sandbox/decisions", json=body).raise_for_status()


def _status(found: Received) -> str:
    assert found.status == 200, found.body
    (only,) = json.loads(found.body)
    return str(only["vettingStatus"])


def _applied(found: Received) -> str | None:
    return found.header("preference-applied")


# Who wakes


def test_woken_by_a_reviewer(serve: Serve) -> None:
    """A person's decision answers at once, with what the decision was."""
    service = serve()
    customer = service.customer()
    service.call("POST", f"{customer}/qualifications", json=EDUCATION).raise_for_status()
    with _held_by(service, customer) as waiter:
        case = f"/vetline/v1/review/cases/{CONTOSO}/{customer.rpartition('/')[2]}/Education"
        deny = {"reason": "Not an eligible Library"}
        service.call("POST", f"{case}/deny", OPERATOR, claims=REVIEWER, json=deny).raise_for_status()
        found = waiter.answer()
        assert waiter.seconds < SOON
    assert (_status(found), _applied(found)) == ("Denied", f"wait={LONG}")


def test_woken_by_a_worker_in_another_process(serve: Serve) -> None:
    """What another process decides on the same database is noticed too."""
    answering = serve(roles="api")
    customer = answering.customer(DENIED_BY_DATA)
    answering.call("POST", f"{customer}/qualifications", json=EDUCATION).raise_for_status()
    with _held_by(answering, customer) as waiter:
        serve(roles="worker")
        found = waiter.answer()
        assert waiter.seconds < SOON
    assert _status(found) == "Denied"


def _held_by(service: Service, customer: str) -> Waiter:
    headers = service.bearer() | {"Prefer": f"wait={LONG}"}
    waiter = Waiter(service, f"{customer}/qualifications", headers)
    until_held(service, 1)
    return waiter


def test_woken_by_the_triage_after_a_jump_of_the_clock(tomorrow: Sandbox) -> None:
    """The wait is real time; the day that the case needs passes in a jump."""
    customer = _in_review(tomorrow)
    with _waiter(tomorrow, customer) as waiter:
        until_held(tomorrow, 1)
        tomorrow.http.post("/sandbox/clock", json={"advanceSeconds": 86_400}).raise_for_status()
        found = waiter.answer()
        assert waiter.seconds < SOON
    assert _status(found) == "Approved"


def test_woken_by_a_decision_by_hand(sandbox: Sandbox, customer: str) -> None:
    """Everybody who waits for the customer is told, nobody else."""
    other = _in_review(sandbox)
    with _waiter(sandbox, customer) as one, _waiter(sandbox, customer) as two, _waiter(sandbox, other):
        until_held(sandbox, 3)
        _decide(sandbox, customer)
        assert [_status(one.answer()), _status(two.answer())] == ["Approved", "Approved"]
        assert one.seconds < SOON
        until_held(sandbox, 1)
    until_held(sandbox, 0)


def test_woken_by_the_customers_removal(sandbox: Sandbox, customer: str) -> None:
    """The answer is the one of that moment, also when that is a fault; a fault applies no preference."""
    with _waiter(sandbox, customer) as waiter:
        until_held(sandbox, 1)
        sandbox.call("DELETE", customer).raise_for_status()
        found = waiter.answer()
        assert waiter.seconds < SOON
    assert (found.status, _applied(found)) == (404, None)


def test_woken_by_a_reset(sandbox: Sandbox) -> None:
    """A customer that begins anew has nothing in review."""
    school = "/v1/customers/11111111-c0c0-4000-8000-000000000006"
    sandbox.call("POST", f"{school}/qualifications", json=EDUCATION).raise_for_status()
    with _waiter(sandbox, school) as waiter:
        until_held(sandbox, 1)
        sandbox.reset()
        found = waiter.answer()
        assert waiter.seconds < SOON
    assert (found.status, found.body) == (200, b"[]")


def test_a_step_is_no_decision_yet(sandbox: Sandbox) -> None:
    """Held as long as anything of the customer's is in review, whatever else happens to it."""
    school = "/v1/customers/11111111-c0c0-4000-8000-000000000006"
    sandbox.call("POST", f"{school}/qualifications", json=EDUCATION).raise_for_status()
    with _waiter(sandbox, school) as waiter:
        until_held(sandbox, 1)
        state_owned = {"qualification": "StateOwnedEntity"}
        sandbox.call("POST", f"{school}/qualifications", json=state_owned).raise_for_status()
        until_held(sandbox, 1)
        _decide(sandbox, school)
        assert json.loads(waiter.answer().body) == [
            {"qualification": "Education", "vettingStatus": "Approved"},
            {"qualification": "StateOwnedEntity"},
        ]


# Who does not wait, or not for long


def test_the_time_is_over(sandbox: Sandbox, customer: str) -> None:
    """The answer then is the usual one, and says that the preference was applied; it is no slow answer in /metrics."""
    before = _seconds_to_answer(sandbox)
    with _waiter(sandbox, customer, "wait=1") as waiter:
        found = waiter.answer()
        assert 0.9 < waiter.seconds < SOON
    assert (_status(found), _applied(found)) == ("InReview", "wait=1")
    assert _seconds_to_answer(sandbox) - before < 0.5


def _seconds_to_answer(service: VetlineProcess) -> float:
    route = re.escape('{method="GET",route="/v1/customers/{customer_id}/qualifications"}')
    found = re.search(rf"^vetline_request_seconds_sum{route} (\S+)$", service.http.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({"kind": "app"}, (200, f"wait={LONG}"), id="decided"),
        pytest.param({"partner": "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"}, (403, None), id="a-strangers"),
        pytest.param({"kind": "user-without-mfa"}, (401, None), id="without-mfa"),
        pytest.param({"kind": "nobody"}, (401, None), id="without-token"),
        pytest.param({"headers": {"Accept": "text/html"}}, (406, None), id="not-acceptable"),
    ],
)
def test_answered_at_once(sandbox: Sandbox, customer: str, more: dict[str, Any], expected: tuple[int, str]) -> None:
    """Nobody waits for what has happened, or for what is not his."""
    if expected[0] == 200:
        _decide(sandbox, customer)
    headers = more.pop("headers", {}) | {"Prefer": f"wait={LONG}"}
    answer = sandbox.call("GET", f"{customer}/qualifications", headers=headers, timeout=SOON, **more)
    assert (answer.status_code, answer.headers.get("preference-applied")) == expected


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_not_held(sandbox: Sandbox, customer: str, method: str) -> None:
    """A HEAD has nothing to wait for, and behind a GET's body a hang-up could not be seen."""
    headers = {"Prefer": f"wait={LONG}"}
    body = b"{}" if method == "GET" else b""
    answer = sandbox.call(method, f"{customer}/qualifications", headers=headers, content=body, timeout=SOON)
    assert (answer.status_code, answer.headers.get("preference-applied")) == (200, None)


def test_other_operations_do_not_wait(sandbox: Sandbox, customer: str) -> None:
    """The older generation has no word for what is in review."""
    for path in (f"{customer}/qualification", customer, "/v1/customers"):
        answer = sandbox.call("GET", path, headers={"Prefer": f"wait={LONG}"}, timeout=SOON)
        assert (answer.status_code, answer.headers.get("preference-applied")) == (200, None)


def test_a_held_request_is_one_read(by_polls: Sandbox) -> None:
    """Where reads decide, looking again while a request is held counts for nothing; another's read wakes it."""
    path = f"{_in_review(by_polls)}/qualifications"
    prefer = {"Prefer": "wait=2"}
    assert by_polls.call("GET", path, headers=prefer).json()[0]["vettingStatus"] == "InReview"
    with _waiter(by_polls, path.removesuffix("/qualifications")) as waiter:
        until_held(by_polls, 1)
        assert by_polls.call("GET", path).json()[0]["vettingStatus"] == "Approved"
        assert _status(waiter.answer()) == "Approved"
        assert waiter.seconds < SOON


def test_it_is_described(sandbox: Sandbox) -> None:
    """Whoever reads the description of the interface finds it, at that operation and no other."""
    paths = sandbox.http.get("/openapi.json").json()["paths"]
    found = [
        (path, method, "Preference-Applied" in operation["responses"]["200"]["headers"])
        for path, operations in paths.items()
        for method, operation in operations.items()
        for parameter in operation["parameters"]
        if (parameter["in"], parameter["name"]) == ("header", "Prefer")
    ]
    assert found == [("/v1/customers/{customer_id}/qualifications", "get", True)]


# Who waits holds nobody up


def test_a_hang_up_ends_the_wait(sandbox: Sandbox, customer: str) -> None:
    """Who is gone is not waited for, and nothing of it stays."""
    with _waiter(sandbox, customer) as waiter:
        until_held(sandbox, 1)
        waiter.hang_up()
        until_held(sandbox, 0, SOON)
        assert waiter.seconds < SOON


def test_a_connection_goes_on_after_a_wait(sandbox: Sandbox, customer: str) -> None:
    """Held or not, one request after the other on one connection."""
    for prefer in ("wait=1", "", "wait=0", f"wait={LONG}"):
        if prefer == f"wait={LONG}":
            _decide(sandbox, customer)
        answer = sandbox.call("GET", f"{customer}/qualifications", headers={"Prefer": prefer}, timeout=SOON)
        assert answer.headers.get("preference-applied") == (prefer or None)


def test_all_are_answered_at_the_end() -> None:
    """On SIGTERM nobody is waited for: everybody gets an answer, and the process ends at once."""
    with Sandbox() as mine, ExitStack() as stack:
        customer = _in_review(mine)
        waiters = [stack.enter_context(_waiter(mine, customer)) for _ in range(50)]
        until_held(mine, 50)
        assert mine.stop(SOON) == 0
        answers = [waiter.answer() for waiter in waiters]
        assert {(_status(found), _applied(found)) for found in answers} == {("InReview", f"wait={LONG}")}
        assert waiters[0].seconds < SOON
        assert "gave up" not in mine.log()
