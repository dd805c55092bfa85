"""Each fault as a client sees it that knows nothing but its socket."""

import json
import time
import uuid
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest

from tests.contract.laws import broken_laws
from tests.support.processes import Sandbox
from tests.support.sending import Received, Sent, connection, head_of, received

from .asking import QUALIFICATIONS, Seen, ask, plan, submission

ANSWERS: list[tuple[dict[str, Any], int, str]] = [
    ({"kind": "throttled"}, 429, ""),
    ({"kind": "unexpected"}, 500, "Unexpected"),
    ({"kind": "unavailable"}, 503, "Unavailable"),
    ({"kind": "expired"}, 401, "TokenRejected"),
    ({"kind": "revoked"}, 401, "TokenRejected"),
    ({"kind": "mfa"}, 401, "MfaRequired"),
]


def standing(sandbox: Sandbox) -> list[dict[str, str]]:
    """Return how the customer stands."""
    found: list[dict[str, str]] = sandbox.call("GET", QUALIFICATIONS).raise_for_status().json()
    return found


@pytest.mark.parametrize(("fault", "status", "name"), ANSWERS, ids=lambda value: str(value))
def test_an_answer_in_the_services_words(by_hand: Sandbox, fault: dict[str, Any], status: int, name: str) -> None:
    """It obeys the laws of all answers, nothing is carried out, and the connection goes on."""
    plan(by_hand, fault | {"operation": "create_qualification"})
    sent = submission(by_hand)
    seen = ask(by_hand, sent)
    assert (seen.status, seen.end) == (status, "open")
    received = Received(seen.status, {key: [value] for key, value in seen.headers.items()}, seen.body)
    assert list(broken_laws(sent, received)) == []
    assert json.loads(seen.body).get("errorName", "") == name
    by_hand.http.delete("/sandbox/faults")
    assert standing(by_hand) == []
    assert ("www-authenticate" in seen.headers) is (status == 401)


@pytest.mark.parametrize("kind", ["throttled", "unavailable"])
def test_retry_after_in_each_form(by_hand: Sandbox, kind: str) -> None:
    """Seconds, a date by the clock that the answer's own Date shows, or nothing."""
    told = {"kind": kind, "operation": "*", "retryAfterSeconds": 57}
    plan(by_hand, *(told | {"retryAfterForm": form} for form in ("seconds", "date", "none")))
    by_hand.http.post("/sandbox/clock", json={"advanceSeconds": 86400})
    seconds, date, none = (ask(by_hand, submission(by_hand)) for _ in range(3))
    assert seconds.headers["retry-after"] == "57"
    waits = parsedate_to_datetime(date.headers["retry-after"]) - parsedate_to_datetime(date.headers["date"])
    assert 56 <= waits.total_seconds() <= 58
    assert "retry-after" not in none.headers
    if kind == "throttled":
        assert json.loads(seconds.body) == {
            "statusCode": 429,
            "message": "Rate limit is exceeded. Try again in 57 seconds.",
        }
        assert json.loads(none.body) == {"statusCode": 429, "message": "Rate limit is exceeded."}


def test_slow(by_hand: Sandbox) -> None:
    """The request is carried out at once; its first byte comes late, and the answer is the usual one."""
    plan(by_hand, {"kind": "slow", "operation": "create_qualification", "seconds": 0.7})
    seen = ask(by_hand, submission(by_hand))
    assert seen.seconds >= 0.7
    assert (seen.status, seen.end) == (201, "open")


def test_slow_holds_up_no_end() -> None:
    """A sandbox that is told to stop lets those go who wait, in every world, and stops at once."""
    with Sandbox() as sandbox:
        control = sandbox.http.post("/sandbox/worlds").raise_for_status().json()["endpoints"]["control"]
        slow = {"kind": "slow", "operation": "token", "seconds": 60}
        sandbox.http.post(f"{control}/faults", json=slow).raise_for_status()
        plan(sandbox, slow | {"operation": "create_qualification"})
        sent = submission(sandbox)
        with connection(sandbox.base) as plug, connection(sandbox.base) as other:
            plug.sendall(head_of(sandbox.base, sent) + sent.body)
            tenant = sandbox.http.get(control + "/info").json()["partners"][0]["tenantId"]
            other.sendall(head_of(sandbox.base, Sent("POST", f"/{tenant}/oauth2/token", {})))
            _until_struck(sandbox, "/sandbox/faults")
            _until_struck(sandbox, f"{control}/faults")
            begun = time.monotonic()
            assert sandbox.stop() == 0
            assert time.monotonic() - begun < 6
            assert (received(plug).status, received(other).status) == (201, 400)


def _until_struck(sandbox: Sandbox, path: str) -> None:
    deadline = time.monotonic() + 20
    while not sandbox.http.get(path).json()["faults"][0]["struck"]:
        assert time.monotonic() < deadline


def test_reset(by_hand: Sandbox) -> None:
    """A TCP RST before any byte; nothing is carried out."""
    plan(by_hand, {"kind": "reset", "operation": "create_qualification"})
    assert _gist(ask(by_hand, submission(by_hand))) == (b"", "reset")
    assert standing(by_hand) == []


def test_lost(by_hand: Sandbox) -> None:
    """The connection ends instead of an answer; the case is there, and a retry gets the answer that was lost."""
    plan(by_hand, {"kind": "lost", "operation": "create_qualification"})
    request_id = str(uuid.uuid4())
    assert _gist(ask(by_hand, submission(by_hand, request_id))) == (b"", "closed")
    assert [one["vettingStatus"] for one in standing(by_hand)] == ["InReview"]
    assert ask(by_hand, submission(by_hand, request_id)).status == 201
    assert ask(by_hand, submission(by_hand)).status == 409


def test_half(by_hand: Sandbox) -> None:
    """The length of the whole, half of the body, the end of the connection; the case is there."""
    plan(by_hand, {"kind": "half", "operation": "create_qualification"})
    request_id = str(uuid.uuid4())
    seen = ask(by_hand, submission(by_hand, request_id))
    assert (seen.status, seen.end) == (201, "closed")
    whole = ask(by_hand, submission(by_hand, request_id))
    assert seen.headers["content-length"] == whole.headers["content-length"] == str(len(whole.body))
    assert seen.body == whole.body[: len(whole.body) // 2]


@pytest.mark.parametrize("kind", ["half", "lost"])
def test_an_answer_without_a_body_is_lost_whole(by_hand: Sandbox, kind: str) -> None:
    """There is no middle to cut it in; what was asked is done."""
    plan(by_hand, {"kind": kind, "operation": "delete_customer"})
    path, authorization = QUALIFICATIONS.rpartition("/")[0], {"Authorization": f"Bearer {by_hand.token()}"}
    assert _gist(ask(by_hand, Sent("DELETE", path, authorization))) == (b"", "closed")
    assert ask(by_hand, Sent("GET", path, authorization)).status == 404


@pytest.mark.parametrize("kind", ["reset", "lost", "half", "throttled"])
def test_a_large_body_on_its_way_is_no_hindrance(by_hand: Sandbox, kind: str) -> None:
    """The fault comes also to who is still sending."""
    plan(by_hand, {"kind": kind, "operation": "create_qualification"})
    sent = submission(by_hand)
    large = Sent(sent.method, sent.target, sent.headers, b" " * 200_000 + sent.body)
    expected = {"reset": (0, "reset"), "lost": (0, "closed"), "half": (201, "closed"), "throttled": (429, "open")}
    seen = ask(by_hand, large)
    assert (seen.status, seen.end) == expected[kind]


@pytest.mark.parametrize("kind", ["reset", "lost", "half"])
def test_who_has_gone_before_leaves_no_trace(by_hand: Sandbox, kind: str) -> None:
    """The client ends its connection first, while its answer is held back; the next one is served."""
    plan(by_hand, {"kind": kind, "operation": "list_qualifications"})
    ask(by_hand, submission(by_hand))
    headers = {"Authorization": f"Bearer {by_hand.token()}", "Prefer": "wait=30"}
    with connection(by_hand.base) as plug:
        plug.sendall(head_of(by_hand.base, Sent("GET", QUALIFICATIONS, headers)))
        _until_struck(by_hand, "/sandbox/faults")
    assert standing(by_hand)[0]["vettingStatus"] == "InReview"
    assert "Traceback" not in by_hand.log()


@pytest.mark.parametrize("kind", ["expired", "revoked"])
def test_a_refused_token_stays_refused(by_hand: Sandbox, kind: str) -> None:
    """Also for other operations, as often as it comes; another token is taken. Ending the fault heals it."""
    plan(by_hand, {"kind": kind, "operation": "list_customers", "times": 1})
    old, new = by_hand.fresh_token(), by_hand.fresh_token()

    def status(token: str, path: str = "/v1/customers") -> int:
        return ask(by_hand, Sent("GET", path, {"Authorization": f"Bearer {token}"})).status

    assert [status(old), status(old), status(old, QUALIFICATIONS)] == [401] * 3
    assert status(new) == 200
    by_hand.http.delete("/sandbox/faults/1").raise_for_status()
    assert status(old) == 200


def test_mfa_is_reported_to_who_asks(by_hand: Sandbox) -> None:
    """With ValidateMfa the answer says that there was none."""
    plan(by_hand, {"kind": "mfa"})
    sent = submission(by_hand)
    seen = ask(by_hand, Sent(sent.method, sent.target, {**sent.headers, "ValidateMfa": "true"}, sent.body))
    assert seen.headers["ismfacompliant"] == "false"


TOKEN_ANSWERS = [
    ("unexpected", 500, 50000),
    ("unavailable", 503, 90033),
    ("expired", 400, 700082),
    ("revoked", 400, 50173),
    ("mfa", 400, 50076),
]


@pytest.mark.parametrize(("kind", "status", "code"), TOKEN_ANSWERS)
def test_tokens_are_refused_in_the_authoritys_words(by_hand: Sandbox, kind: str, status: int, code: int) -> None:
    """With an AADSTS number and the client's own id; the next one is granted."""
    plan(by_hand, {"kind": kind, "operation": "token"})
    request_id = str(uuid.uuid4())
    seen = ask(by_hand, Sent("POST", "/common/oauth2/v2.0/token", {"client-request-id": request_id}))
    assert (seen.status, json.loads(seen.body)["error_codes"]) == (status, [code])
    assert json.loads(seen.body)["correlation_id"] == request_id
    assert seen.headers["cache-control"] == "no-store"
    assert by_hand.fresh_token()


def test_tokens_are_throttled_in_plain_words(by_hand: Sandbox) -> None:
    """As Entra does it: a number of seconds, and no JSON."""
    plan(by_hand, {"kind": "throttled", "operation": "token", "retryAfterSeconds": 60})
    seen = ask(by_hand, Sent("POST", "/common/oauth2/token", {}))
    assert (seen.status, seen.headers["retry-after"], seen.body) == (429, "60", b"Too Many Requests")
    assert seen.headers["content-type"] == "text/plain"


def test_over_tls_too(tls_sandbox: Sandbox) -> None:
    """The client gets no whole answer, whichever way the connection ends; the next request goes well."""
    for kind in ("reset", "lost", "half"):
        plan(tls_sandbox, {"kind": kind, "operation": "list_customers"})
        with pytest.raises(httpx2.TransportError):
            tls_sandbox.call("GET", "/v1/customers")
        assert tls_sandbox.call("GET", "/v1/customers").status_code == 200


def _gist(seen: Seen) -> tuple[bytes, str]:
    return seen.raw, seen.end
