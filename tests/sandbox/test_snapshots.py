"""After a restore, what follows is what would have followed: of faults, limits, reads that count, modes."""

import json
from typing import Any

import pytest

from tests.support.answering import Answering, Said
from tests.support.partner import EDUCATION
from tests.support.processes import Sandbox
from tests.support.worlds import World, world

OXFORD = "ox.ac.uk"
CUSTOMERS = "/v1/customers"


def taken(one: World) -> bytes:
    """Return a snapshot of a world."""
    return one.control("GET", "/snapshot").raise_for_status().content


def put(one: World, document: bytes) -> None:
    """Restore a snapshot."""
    one.control("PUT", "/snapshot", content=document).raise_for_status()


def older(document: bytes) -> bytes:
    """Return a snapshot as releases took it that kept neither faults nor limits nor reads."""
    found: dict[str, Any] = json.loads(document)
    for name in ("faults", "limits", "reads"):
        del found[name]
    return json.dumps(found).encode()


def plan(one: World, *faults: dict[str, Any]) -> None:
    """Add faults."""
    one.control("POST", "/faults", json=list(faults)).raise_for_status()


def statuses(one: World, count: int, path: str = CUSTOMERS) -> list[int]:
    """Return what some reads were answered with, one after another."""
    return [one.partner("GET", path).status_code for _ in range(count)]


def test_faults_go_on_where_they_were_here_and_elsewhere(sandbox: Sandbox) -> None:
    """Those used up in part, those by chance, and their numbers."""
    half = {"kind": "unexpected", "operation": "list_customers", "probability": 0.5}
    with world(sandbox) as one, world(sandbox) as other:
        one.control("PUT", "/faults/seed", json={"seed": 7}).raise_for_status()
        plan(one, {"kind": "throttled", "operation": "list_customers", "times": 3}, half)
        assert statuses(one, 2) == [429, 429]
        snapshot, shown = taken(one), one.control("GET", "/faults").json()
        follows = statuses(one, 24)
        assert follows[0] == 429
        assert {200, 500} <= {*follows[1:]}
        one.control("DELETE", "/faults")
        for each in (one, other):
            put(each, snapshot)
            assert each.control("GET", "/faults").json() == shown
            assert statuses(each, 24) == follows
            plan(each, half)
            assert each.control("GET", "/faults").json()["faults"][-1]["id"] == "3"


def test_a_refused_token_stays_refused(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        plan(one, {"kind": "revoked", "operation": "list_customers"})
        assert statuses(one, 2) == [401, 401]
        snapshot = taken(one)
        token = one.token(partner=one.contoso)
        assert token not in snapshot.decode()
        one.control("POST", "/reset")
        assert statuses(one, 1) == [200]
        put(one, snapshot)
        assert statuses(one, 2) == [401, 401]


def test_a_late_webhook_is_not_late_twice(sandbox: Sandbox) -> None:
    late = {"kind": "late", "operation": "test-created", "times": 5, "seconds": 60}
    with Answering(lambda _: Said(200)) as receiver, world(sandbox) as one:
        one.control("POST", "/clock", json={"frozen": True})
        body = {"WebhookUrl": receiver.base, "WebhookEvents": ["test-created"]}
        one.partner("POST", "/webhooks/v1/registration", json=body).raise_for_status()
        plan(one, late)
        one.partner("POST", "/webhooks/v1/registration/validationEvents").raise_for_status()
        one.control("POST", "/clock", json={"advanceSeconds": 0})
        snapshot = taken(one)
        one.control("POST", "/reset")
        put(one, snapshot)
        assert not receiver.asked
        one.control("POST", "/clock", json={"advanceSeconds": 60})
        assert len(receiver.asked) == 1


def test_limits_come_along(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        limits = {"customers": 75, "requestsPerMinute": 3}
        one.control("POST", "/clock", json={"frozen": True})
        one.control("PUT", "/limits", json=limits).raise_for_status()
        snapshot = taken(one)
        assert statuses(one, 4) == [200, 200, 200, 429]
        for each in (one, other):
            put(each, snapshot)
            assert each.control("GET", "/limits").json() == limits
            assert statuses(each, 4) == [200, 200, 200, 429], "counted anew"


def test_a_snapshot_from_before_brings_what_a_world_begins_with(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        snapshot = older(taken(one))
        fresh = one.control("GET", "/faults").json()
        plan(one, {"kind": "throttled", "times": 9})
        one.control("PUT", "/limits", json={"customers": 1})
        put(one, snapshot)
        assert one.control("GET", "/faults").json() == fresh
        assert one.control("GET", "/limits").json() == {"customers": None, "requestsPerMinute": None}


@pytest.mark.parametrize("counts", [True, False])
def test_reads_that_count_are_those_of_the_snapshot(sandbox: Sandbox, *, counts: bool) -> None:
    """Three polls in review, then decided: two of them before the snapshot leave one after it, wherever that is."""
    with world(sandbox, mode="after-polls:3") as one, world(sandbox) as other:
        path = one.customer(OXFORD)
        one.partner("POST", path, json=EDUCATION).raise_for_status()
        assert [one.standing(path)[0]["vettingStatus"] for _ in range(2)] == ["InReview"] * 2
        snapshot = taken(one) if counts else older(taken(one))
        one.standing(path)  # the third, which the restore undoes
        left = 1 if counts else 3
        for each in (one, other):
            put(each, snapshot)
            seen = [each.standing(path)[0]["vettingStatus"] for _ in range(left + 1)]
            assert seen == ["InReview"] * left + ["Approved"]


def test_a_partners_mode_is_that_of_the_partner_there(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        one.control("PUT", "/vetting", json={"mode": "by-hand", "partnerTenantId": one.contoso}).raise_for_status()
        decision = {"vettingStatus": "Approved", "partnerTenantId": one.fabrikam}
        one.control("POST", "/decisions/next", json=decision).raise_for_status()
        put(other, taken(one))
        shown = other.control("GET", "/vetting").json()
        assert shown["modes"][-1] == {"mode": "by-hand", "partnerTenantId": other.contoso}
        assert shown["next"][0]["partnerTenantId"] == other.fabrikam


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("faults", {"seed": 1, "numbers": 0, "plan": [], "refused": {"x": 1}, "putOff": []}, "no snapshot"),
        ("faults", {"seed": 1, "numbers": 1, "plan": [{"number": 1, "asked": {}, "seen": 0, "struck": 0}],
                    "refused": {}, "putOff": []}, "kind must be one of"),
        ("limits", {"customers": 0}, "customers must be a whole number"),
        ("limits", {"rows": 1}, "is no limit"),
        ("reads", [["x", "y", "z"]], "no snapshot"),
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing(sandbox: Sandbox, member: str, value: Any, sentence: str) -> None:
    with world(sandbox) as one:
        one.control("POST", "/clock", json={"frozen": True})
        plan(one, {"kind": "slow", "times": 2})
        before = taken(one)
        harmed = json.dumps(json.loads(before) | {member: value})
        answer = one.control("PUT", "/snapshot", content=harmed)
        assert answer.status_code == 400
        assert sentence in answer.json()["description"]
        assert taken(one) == before
