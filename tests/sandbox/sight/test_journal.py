"""The journal over HTTP: what is told and what is not, what is found, what a test can assert, and for whom it is."""

import contextlib
import json
import select
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.support.processes import CONTOSO, Sandbox

CUSTOMER = "11111111-c0c0-4000-8000-000000000001"
QUALIFICATIONS = f"/v1/customers/{CUSTOMER}/qualifications"
ID = "0f0f0f0f-1111-4222-8333-444444444444"


@pytest.fixture
def busy(sandbox: Sandbox) -> Sandbox:
    """A sandbox at which four things were asked, of which the journal tells the numbers from 1 in this order."""
    sandbox.token("user"), sandbox.token("app")
    sandbox.http.delete("/sandbox/journal").raise_for_status()
    sandbox.call("GET", "/v1/customers", params={"size": 2})
    sandbox.call("POST", QUALIFICATIONS, json={"qualification": "Education"}, headers={"MS-RequestId": ID})
    sandbox.call("POST", QUALIFICATIONS, "app", json={"qualification": "Education"})
    sandbox.call("GET", "/v1/nowhere", "nobody", headers={"User-Agent": "somebody/7"})
    return sandbox


def search(sandbox: Sandbox, **criteria: Any) -> dict[str, Any]:
    """Return what is found."""
    found: dict[str, Any] = sandbox.http.get("/sandbox/journal", params=criteria).raise_for_status().json()
    return found


def places(sandbox: Sandbox, **criteria: Any) -> list[int]:
    """Return which of all exchanges are found, counted from 1."""
    every = [one["number"] for one in search(sandbox)["exchanges"]]
    return [every.index(one["number"]) + 1 for one in search(sandbox, **criteria)["exchanges"]]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"method": "post"}, [2, 3]),
        ({"path": "/v1/*"}, [1, 2, 3, 4]),
        ({"path": QUALIFICATIONS.upper()}, [2, 3]),
        ({"path": "/v1/customers"}, [1]),
        ({"operation": "POST /v1/customers/*/qualifications"}, [2, 3]),
        ({"operation": "POST /v1/customers/{id}/qualifications"}, [2, 3]),
        ({"operation": "get *"}, [1]),
        ({"query": "size=2"}, [1]),
        ({"status": "201"}, [2]),
        ({"status": "4xx"}, [3, 4]),
        ({"ending": "complete"}, [1, 2, 3, 4]),
        ({"ending": "unanswered"}, []),
        ({"header": f"ms-requestid: {ID}"}, [2]),
        ({"header": "MS-RequestId:*1111*"}, [2]),
        ({"header": "ms-requestid"}, [2]),
        ({"bodyContains": '"Education"'}, [2, 3]),
        ({"answerContains": "InReview"}, [2]),
        ({"client": "SOMEBODY"}, [4]),
        ({"since": "1970-01-01T00:00:00Z"}, [1, 2, 3, 4]),
        ({"since": "2999-01-01T00:00:00+02:00"}, []),
        ({"method": "POST", "status": "403"}, [3]),
        ({"limit": "1"}, [4]),
        ({"limit": "0"}, []),
        ({}, [1, 2, 3, 4]),
    ],
    ids=str,
)
def test_what_is_looked_for_is_found(busy: Sandbox, criteria: dict[str, str], expected: list[int]) -> None:
    assert places(busy, **criteria) == expected


def test_a_body_that_comes_after_its_refusal_was_decided_is_found(sandbox: Sandbox) -> None:
    """A request that is refused by its headers needs no body for that; its client may look for it all the same."""
    body = b'{"qualification": "Education", "website": "late.example"}'
    head = f"POST {QUALIFICATIONS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    address = urlsplit(sandbox.base)
    with socket.create_connection((address.hostname, address.port), 30) as late:
        late.sendall(head.encode())
        select.select([], [], [], 0.05)  # as long as a network may take between two packets
        late.sendall(body)
        assert late.recv(65_536).startswith(b"HTTP/1.1 401")
    assert search(sandbox, bodyContains="late.example")["found"] == 1


def test_a_body_that_never_comes_holds_no_refusal(sandbox: Sandbox) -> None:
    """Its client waits for the answer before it sends; and what it did not send is not noted."""
    head = f"POST {QUALIFICATIONS} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
    address = urlsplit(sandbox.base)
    with socket.create_connection((address.hostname, address.port), 30) as waiting:
        waiting.sendall(head.encode())
        assert waiting.recv(65_536).startswith(b"HTTP/1.1 401")
    assert search(sandbox)["exchanges"][-1]["request"]["bodySize"] == 0


def test_since_a_number_only_what_came_after_it_is_found(busy: Sandbox) -> None:
    second = search(busy)["exchanges"][1]["number"]
    assert places(busy, since=second) == [3, 4]


def test_an_exchange_tells_who_asked_for_what_and_got_what(busy: Sandbox) -> None:
    number = search(busy, status="201")["exchanges"][0]["number"]
    found = busy.http.get(f"/sandbox/journal/{number}").raise_for_status().json()
    assert (found["method"], found["path"], found["status"], found["ending"]) == (
        "POST",
        QUALIFICATIONS,
        201,
        "complete",
    )
    assert found["operation"] == "POST /v1/customers/{customer_id}/qualifications"
    assert found["requestId"] == ID
    assert found["client"]["tenantId"] == CONTOSO
    assert found["client"]["user"] == "ada@contoso.onmicrosoft.com"
    assert (found["client"]["mfa"], found["client"]["appOnly"]) == (True, False)
    assert json.loads(found["request"]["body"]) == {"qualification": "Education"}
    assert json.loads(found["response"]["body"])["vettingStatus"] == "InReview"
    assert found["response"]["headers"]["ms-requestid"] == ID
    assert 0 <= found["milliseconds"] < 30_000


def test_both_clocks_are_told(sandbox: Sandbox) -> None:
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 7 * 86400})
    sandbox.call("GET", "/v1/nowhere", "nobody")
    found = search(sandbox)["exchanges"][-1]
    assert found["at"] > found["machineAt"]


def test_no_secret_is_told_and_equal_ones_are_seen_to_be_equal(sandbox: Sandbox) -> None:
    token, other = sandbox.fresh_token(), sandbox.fresh_token()
    for one in (token, token, other):
        sandbox.http.get("/v1/customers", headers={"Authorization": f"Bearer {one}"}).raise_for_status()
    answer = sandbox.http.get("/sandbox/journal")
    secrets = [token, other, sandbox.info["partners"][0]["applications"][0]["clientSecret"]]
    secrets += [user["password"] for user in sandbox.info["partners"][0]["users"]]
    assert [one for one in secrets if one in answer.text] == []
    asked, first, again, different = answer.json()["exchanges"][-4:]
    marks = [one["request"]["headers"]["authorization"] for one in (first, again, different)]
    assert marks[0] == marks[1] != marks[2]
    assert json.loads(asked["response"]["body"])["access_token"] == marks[2].removeprefix("Bearer ")


def test_what_people_and_tests_do_is_not_told(sandbox: Sandbox) -> None:
    for path in (
        "/sandbox/info",
        "/console/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/devicelogin",
    ):
        sandbox.http.get(path)
    sandbox.http.get(f"/{CONTOSO}/oauth2/v2.0/authorize", params={"code": "x"})
    assert search(sandbox)["exchanges"] == []


def test_it_is_emptied_by_hand_and_by_a_reset_and_numbers_go_on(busy: Sandbox) -> None:
    last = search(busy)["exchanges"][-1]["number"]
    assert busy.http.delete("/sandbox/journal").status_code == 204
    assert search(busy) == {"found": 0, "kept": 0, "forgotten": 0, "exchanges": []}
    busy.call("GET", "/v1/nowhere", "nobody")
    assert [one["number"] for one in search(busy)["exchanges"]] == [last + 1]
    busy.reset()
    assert search(busy)["exchanges"] == []


def test_a_test_counts(busy: Sandbox) -> None:
    answer = busy.http.post(
        "/sandbox/journal/count", json={"method": "POST", "header": {"content-type": "application/json"}}
    )
    assert answer.json() == {"count": 2}


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        ({}, 200),
        ({"times": 2}, 200),
        ({"atLeast": 1}, 200),
        ({"atMost": 2}, 200),
        ({"atLeast": 2, "atMost": 2}, 200),
        ({"times": 1}, 406),
        ({"times": 0}, 406),
        ({"atLeast": 3}, 406),
        ({"atMost": 1}, 406),
    ],
    ids=str,
)
def test_a_test_asserts(busy: Sandbox, expected: dict[str, int], status: int) -> None:
    answer = busy.http.post("/sandbox/journal/verify", json={"method": "POST", "path": QUALIFICATIONS, **expected})
    assert answer.status_code == status, answer.text
    if status == 406:
        assert answer.json()["errorName"] == "NotVerified"
        assert "was asked 2 times: see " in answer.json()["description"]


def test_what_was_never_asked_is_told_with_what_is_nearest(busy: Sandbox) -> None:
    wanted = {"method": "PUT", "path": QUALIFICATIONS, "status": 201}
    sentence = busy.http.post("/sandbox/journal/verify", json=wanted).json()["description"]
    assert sentence.startswith("It was expected at least 1 times, and was asked 0 times. Nearest is ")
    assert sentence.endswith(f"POST {QUALIFICATIONS}, answered 201; it differs in method.")
    busy.http.delete("/sandbox/journal")
    assert "the journal is empty" in busy.http.post("/sandbox/journal/verify", json=wanted).json()["description"]
    assert busy.http.post("/sandbox/journal/verify", json={**wanted, "times": 0}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/sandbox/journal?colour=blue", None),
        ("GET", "/sandbox/journal?status=good", None),
        ("GET", "/sandbox/journal?since=yesterday", None),
        ("GET", "/sandbox/journal?since=2030-01-31T12:00:00", None),
        ("GET", "/sandbox/journal?limit=-1", None),
        ("GET", "/sandbox/journal?limit=99999999999999999999", None),
        ("GET", "/sandbox/journal?header=:x", None),
        ("GET", "/sandbox/journal?" + "&".join(["method=GET"] * 30), None),
        ("GET", f"/sandbox/journal?path={'*' * 3000}", None),
        ("GET", "/sandbox/journal/stream?colour=blue", None),
        ("POST", "/sandbox/journal/verify", b'{"method": true}'),
        ("POST", "/sandbox/journal/verify", b'{"times": "often"}'),
        ("POST", "/sandbox/journal/verify", b'{"times": -1}'),
        ("POST", "/sandbox/journal/verify", b'{"times": 1, "atLeast": 1}'),
        ("POST", "/sandbox/journal/verify", b'{"atLeast": 3, "atMost": 1}'),
        ("POST", "/sandbox/journal/verify", b"[]"),
        ("POST", "/sandbox/journal/verify", b"{"),
        ("POST", "/sandbox/journal/count", b'{"header": ["a"]}'),
        ("POST", "/sandbox/scorecard/probes", b'{"probes": ["colour"]}'),
        ("POST", "/sandbox/scorecard/probes", b'{"probes": "unknownStatus"}'),
        ("POST", "/sandbox/scorecard/probes", b'{"probes": []}'),
        ("POST", "/sandbox/scorecard/probes", b'{"probes": [{}]}'),
        ("POST", "/sandbox/scorecard/probes", b'{"patienceSeconds": -1}'),
        ("POST", "/sandbox/scorecard/probes", b'{"patienceSeconds": 1e999}'),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    sandbox: Sandbox, method: str, path: str, body: bytes | None
) -> None:
    answer = sandbox.http.request(method, path, content=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["description"].startswith("Invalid request input: ")


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}], ids=str)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sandbox/journal"),
        ("DELETE", "/sandbox/journal"),
        ("GET", "/sandbox/journal/1"),
        ("GET", "/sandbox/journal/stream"),
        ("POST", "/sandbox/journal/count"),
        ("POST", "/sandbox/journal/verify"),
        ("GET", "/sandbox/scorecard"),
        ("GET", "/sandbox/scorecard.xml"),
        ("GET", "/sandbox/scorecard/probes"),
        ("POST", "/sandbox/scorecard/probes"),
        ("DELETE", "/sandbox/scorecard/probes"),
    ],
)
def test_it_answers_this_machine_alone(busy: Sandbox, method: str, path: str, headers: dict[str, str]) -> None:
    answer = busy.http.request(method, path, headers=headers, content=b"{}" if method == "POST" else None)
    assert answer.status_code == 403
    assert places(busy) == [1, 2, 3, 4]


def test_what_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    for path in ("/sandbox/journal/999999999", "/sandbox/journal/x", "/sandbox/journal/-1"):
        assert sandbox.http.get(path).status_code == 404
    assert sandbox.http.get("/sandbox/journal/999999999").json()["errorName"] == "NotFound"


def test_it_is_followed_while_it_happens(sandbox: Sandbox) -> None:
    with sandbox.http.stream("GET", "/sandbox/journal/stream", params={"status": "404"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines) == ": from here on"
        sandbox.call("GET", "/v1/customers")
        sandbox.call("GET", "/v1/nowhere", "nobody")
        event = _event(lines)
    assert (event["path"], event["status"]) == ("/v1/nowhere", 404)


def _event(lines: Iterator[str]) -> dict[str, Any]:
    data = next(line for line in lines if line.startswith("data: "))
    found: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return found


def test_no_more_than_so_many_follow_it(sandbox: Sandbox) -> None:
    with contextlib.ExitStack() as kept:
        for _ in range(20):
            assert kept.enter_context(following(sandbox)).status_code == 200
        with following(sandbox) as one_more:
            assert one_more.status_code == 400


def test_a_sandbox_that_is_followed_ends_at_once() -> None:
    with Sandbox() as sandbox, following(sandbox):
        assert sandbox.stop(timeout=5) == 0


def following(sandbox: Sandbox) -> AbstractContextManager[httpx2.Response]:
    """Follow the journal; the headers come when it is followed."""
    return sandbox.http.stream("GET", "/sandbox/journal/stream")


def test_each_world_has_its_own(busy: Sandbox) -> None:
    world = busy.http.post("/sandbox/worlds").raise_for_status().json()
    tenant, control = world["partners"][0], world["endpoints"]["control"]
    form = {
        "grant_type": "client_credentials",
        "client_id": tenant["applications"][0]["clientId"],
        "client_secret": tenant["applications"][0]["clientSecret"],
        "scope": "https://api.partnercenter.microsoft.com/.default",
    }
    token = (
        busy.http.post(f"/{tenant['tenantId']}/oauth2/v2.0/token", data=form).raise_for_status().json()["access_token"]
    )
    busy.http.get("/v1/customers", headers={"Authorization": f"Bearer {token}"}).raise_for_status()
    there = [one["path"] for one in busy.http.get(f"{control}/journal").json()["exchanges"]]
    assert there == [f"/{tenant['tenantId']}/oauth2/v2.0/token", "/v1/customers"]
    assert places(busy) == [1, 2, 3, 4]
    assert len(busy.http.get(f"{control}/scorecard").json()["clients"]) == 1
    busy.http.delete(control).raise_for_status()


@pytest.mark.parametrize(
    ("kind", "ending", "status"),
    [
        ("throttled", "complete", 429),
        ("unavailable", "complete", 503),
        ("half", "cut off", 200),
        ("lost", "unanswered", None),
        ("reset", "unanswered", None),
        ("expired", "complete", 401),
    ],
)
def test_what_a_fault_left_of_an_answer_is_told(sandbox: Sandbox, kind: str, ending: str, status: int | None) -> None:
    """The journal stands outside of the faults: it tells what the client got, not what the service said."""
    token = sandbox.fresh_token()
    sandbox.http.post("/sandbox/faults", json={"kind": kind, "operation": "GET /v1/customers"}).raise_for_status()
    with contextlib.suppress(httpx2.TransportError):
        sandbox.http.get("/v1/customers", headers={"Authorization": f"Bearer {token}"})
    found = ended(sandbox, fault=kind)
    assert (found["ending"], found["status"], found["fault"]) == (ending, status, kind)


def ended(sandbox: Sandbox, **criteria: str) -> dict[str, Any]:
    """Return the one that is found; a client may see the end of its connection before the service knows of it."""
    end = time.monotonic() + 20
    while not (found := search(sandbox, **criteria)["exchanges"]):
        assert time.monotonic() < end, search(sandbox)
        time.sleep(0.02)
    [one] = found
    return dict(one)
