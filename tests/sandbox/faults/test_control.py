"""The control routes: what a plan shows, how it ends, and what is refused."""

from typing import Any

import pytest

from tests.support.processes import Sandbox

from .asking import QUALIFICATIONS, plan

ROUTES = [
    ("GET", "/sandbox/faults"),
    ("POST", "/sandbox/faults"),
    ("DELETE", "/sandbox/faults"),
    ("DELETE", "/sandbox/faults/1"),
    ("PUT", "/sandbox/faults/seed"),
    ("GET", "/sandbox/limits"),
    ("PUT", "/sandbox/limits"),
]


def shown(sandbox: Sandbox) -> dict[str, Any]:
    """Return what the plan shows."""
    found: dict[str, Any] = sandbox.http.get("/sandbox/faults").raise_for_status().json()
    return found


def test_a_plan_shows_how_it_went(sandbox: Sandbox) -> None:
    """What was asked for, what that means, how often it was seen, how often it struck."""
    fault = {"kind": "unavailable", "operation": "GET /v1/customers", "times": 2, "after": 1}
    added = sandbox.http.post("/sandbox/faults", json=fault)
    assert added.status_code == 201
    assert [sandbox.call("GET", "/v1/customers").status_code for _ in range(5)] == [200, 503, 503, 200, 200]
    assert shown(sandbox)["faults"] == [
        fault
        | {"id": "1", "probability": None, "retryAfterSeconds": 1, "retryAfterForm": "seconds"}
        | {"seen": 5, "struck": 2, "spent": True}
    ]
    assert added.json()["seed"] == shown(sandbox)["seed"]
    assert added.json()["faults"][0]["seen"] == 0


def test_faults_end(sandbox: Sandbox) -> None:
    """One alone, all, or all by a reset; then everything goes well again."""
    plan(sandbox, {"kind": "unexpected", "probability": 1}, {"kind": "slow"}, {"kind": "lost", "operation": "token"})
    assert sandbox.call("GET", "/v1/customers").status_code == 500
    assert sandbox.http.delete("/sandbox/faults/1").status_code == 204
    assert sandbox.http.delete("/sandbox/faults/1").status_code == 404
    assert [fault["id"] for fault in shown(sandbox)["faults"]] == ["2", "3"]
    assert sandbox.http.delete("/sandbox/faults").status_code == 204
    assert shown(sandbox)["faults"] == []
    plan(sandbox, {"kind": "unexpected"})
    assert [fault["id"] for fault in shown(sandbox)["faults"]] == ["1"]
    sandbox.reset()
    assert sandbox.call("GET", "/v1/customers").status_code == 200


def test_a_seed_begins_anew(sandbox: Sandbox) -> None:
    """The plan stays, counts and chance begin again: so a run is repeated within one process."""
    plan(sandbox, {"kind": "unexpected", "operation": "list_customers", "probability": 0.5})
    runs = []
    for seed in (5, 5, 6):
        begun = sandbox.http.put("/sandbox/faults/seed", json={"seed": seed}).raise_for_status().json()
        assert (begun["seed"], begun["faults"][0]["seen"], begun["faults"][0]["struck"]) == (seed, 0, 0)
        runs.append([sandbox.call("GET", "/v1/customers").status_code for _ in range(32)])
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"null", b"[[]]", b'{"kind": "\\ud800"}', b"[" * 100_000, b"1e999"]
)
def test_what_is_no_plan_is_refused(sandbox: Sandbox, body: bytes) -> None:
    """With the service's own fault, and a sentence; the plan stays as it is."""
    refused = sandbox.http.post("/sandbox/faults", content=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "800002")
    assert shown(sandbox)["faults"] == []


def test_all_of_a_plan_or_nothing(sandbox: Sandbox) -> None:
    """A list with one mistake adds nothing; the sentence says which."""
    refused = sandbox.http.post("/sandbox/faults", json=[{"kind": "lost"}, {"kind": "lose"}])
    assert refused.json()["description"].startswith(
        "Invalid request input: fault 2 of 2: kind must be one of throttled"
    )
    assert shown(sandbox)["faults"] == []


def test_a_plan_has_an_end(sandbox: Sandbox) -> None:
    """A thousand faults, and a megabyte."""
    many = [{"kind": "lost", "operation": "token", "after": 10**9}] * 999
    plan(sandbox, *many)
    refused = sandbox.http.post("/sandbox/faults", json=many[:2])
    assert "at most 1000 faults" in refused.json()["description"]
    assert sandbox.http.post("/sandbox/faults", content=b" " * (1024 * 1024 + 1)).status_code == 413
    assert len(shown(sandbox)["faults"]) == 999


@pytest.mark.parametrize("name", ["0", "x", "1.0", "-1", "9" * 400, "%00", "seed"])
def test_what_is_no_fault_is_not_found(sandbox: Sandbox, name: str) -> None:
    """Whatever stands in its place, another fault does not end."""
    plan(sandbox, {"kind": "lost", "operation": "token"})
    assert sandbox.http.delete(f"/sandbox/faults/{name}").status_code == 404
    assert len(shown(sandbox)["faults"]) == 1


@pytest.mark.parametrize("seed", [None, -1, 2**53, 0.5, "7", True])
def test_what_is_no_seed_is_refused(sandbox: Sandbox, seed: Any) -> None:
    """The sentence says what one is."""
    refused = sandbox.http.put("/sandbox/faults/seed", json={"seed": seed})
    assert (refused.status_code, refused.json()["errorName"]) == (400, "InvalidInput")
    assert "seed must be a whole number from 0 to 9007199254740991" in refused.json()["description"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("header", [{"Origin": "https://page.example"}, {"Host": "page.example"}])
def test_pages_from_elsewhere_are_refused(sandbox: Sandbox, method: str, path: str, header: dict[str, str]) -> None:
    """Neither another origin nor a name that was made to point here gets an answer."""
    body = {"kind": "lost", "seed": 1} if method in ("POST", "PUT") else None
    assert sandbox.http.request(method, path, headers=header, json=body).status_code == 403
    assert shown(sandbox)["faults"] == []


def test_the_control_surface_health_and_pages_are_never_struck(sandbox: Sandbox) -> None:
    """Whatever the plan, it can be seen and ended."""
    plan(sandbox, *({"kind": kind, "probability": 1} for kind in ("reset", "unexpected")))
    for path in ("/sandbox/faults", "/sandbox/info", "/healthz", "/readyz", "/openapi.json", "/console/", "/metrics"):
        assert sandbox.http.get(path).status_code in (200, 302, 303), path
    assert shown(sandbox)["faults"][0]["seen"] == 0


def test_each_world_has_its_own_faults(sandbox: Sandbox) -> None:
    """A fault of one world strikes its partner's requests and no other's."""
    made = sandbox.http.post("/sandbox/worlds").raise_for_status().json()
    control, partner = made["endpoints"]["control"], made["partners"][0]
    sandbox.http.post(f"{control}/faults", json={"kind": "unexpected", "probability": 1}).raise_for_status()
    form = {"grant_type": "client_credentials", "scope": "https://api.partnercenter.microsoft.com/.default"}
    application = partner["applications"][0]
    form |= {"client_id": application["clientId"], "client_secret": application["clientSecret"]}
    url = f"/{partner['tenantId']}/oauth2/v2.0/token"
    assert sandbox.http.post(url, data=form).status_code == 500
    sandbox.http.delete(f"{control}/faults").raise_for_status()
    token = sandbox.http.post(url, data=form).raise_for_status().json()["access_token"]
    plan(sandbox, {"kind": "unavailable", "probability": 1})
    assert sandbox.call("GET", QUALIFICATIONS).status_code == 503
    assert sandbox.http.get("/v1/customers", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    sandbox.http.delete(control).raise_for_status()
