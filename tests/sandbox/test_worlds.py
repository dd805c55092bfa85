"""Worlds of one sandbox: each has everything of its own, and none sees anything of another."""

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.client import CHALLENGE, EVERYTHING, REDIRECT, VERIFIER
from tests.support.partner import EDUCATION, government
from tests.support.processes import Sandbox
from tests.support.worlds import World, world

OXFORD, TOYS = "ox.ac.uk", "tailspintoys.onmicrosoft.com"


def _public(one: World) -> str:
    return str(one.made["partners"][0]["publicApplications"][0]["clientId"])


def test_each_has_its_own_people_and_the_same_customers(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        ours, theirs = one.control("GET", "/info").json(), other.control("GET", "/info").json()
        assert {"partners", "customers", "reviewDesk", "endpoints", "contract"} == {*ours}
        assert [each["id"] for each in ours["customers"]] == [each["id"] for each in theirs["customers"]]
        assert len(ours["customers"]) == len(sandbox.info["customers"])
        for part in ("tenantId", "applications", "publicApplications", "users"):
            values = [json.dumps(found["partners"][0][part]) for found in (ours, theirs, sandbox.info)]
            assert len({*values}) == 3, part


def test_its_maker_is_told_what_anybody_is_told(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        told = one.control("GET", "/info").json()
        assert told["customers"]
        assert one.made["id"] in one.made["endpoints"].pop("control")
        assert {name: one.made[name] for name in told} == told
        assert {*one.made} == {"id", *told}


def test_what_is_asked_in_one_is_not_asked_in_another(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        toys = one.customer(TOYS)
        assert one.partner("POST", toys, json=EDUCATION).status_code == 201
        assert one.standing(toys)[0]["qualification"] == "Education"
        assert other.standing(toys) == []
        assert sandbox.call("GET", toys).json() == []


def test_codes_count_down_in_one_alone(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        redmond = one.customer("cityofredmond.onmicrosoft.com")
        assert one.partner("POST", redmond, json=government("987654")).status_code == 201
        left = [
            {
                code["validationId"]: code["remainingCreates"]
                for code in each.control("GET", "/info").json()["partners"][0]["validationCodes"]
            }
            for each in (one, other)
        ]
        assert left == [{"12345": 4, "987654": 4}, {"12345": 4, "987654": 5}]


def test_partners_of_one_world_are_strangers_too(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        answer = one.call("GET", one.customer(OXFORD), partner=one.fabrikam)
        assert (answer.status_code, answer.json()["code"]) == (403, "20002")


def test_the_clock_is_its_own(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        before = one.control("GET", "/clock").json()["now"]
        after = one.control("POST", "/clock", json={"advance": "2 weeks"}).json()["now"]
        assert after > before
        assert other.control("GET", "/clock").json()["now"] < after
        assert sandbox.http.get("/sandbox/clock").json()["now"] < after
        assert one.partner("GET", one.customer(OXFORD)).status_code == 200, "a token of the world's own time"


def test_tokens_lapse_by_their_worlds_clock(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        assert one.partner("GET", one.customer(OXFORD)).status_code == 200
        assert other.partner("GET", other.customer(OXFORD)).status_code == 200
        one.control("POST", "/clock", json={"advance": "90 minutes"})
        assert one.partner("GET", one.customer(OXFORD)).status_code == 401
        assert other.partner("GET", other.customer(OXFORD)).status_code == 200


def test_reviewers_see_their_worlds_cases(sandbox: Sandbox) -> None:
    with world(sandbox, mode="by-hand") as one, world(sandbox, mode="by-hand") as other:
        toys = one.customer(TOYS)
        one.partner("POST", toys, json=EDUCATION)
        one.control("POST", "/clock", json={"advanceSeconds": 1})
        queues = [each.call("GET", "/vetline/v1/review/queue", "reviewer").json()["items"] for each in (one, other)]
        assert [len(queue) for queue in queues] == [1, 0]
        assert one.call("POST", queues[0][0]["uri"] + "/approve", "reviewer", json={}).status_code == 200
        assert one.standing(toys)[0]["vettingStatus"] == "Approved"


def test_a_forged_tenant_opens_no_world(sandbox: Sandbox) -> None:
    """The tenant in a token leads to a world; whether the token is true is found out there."""
    with world(sandbox) as one, world(sandbox) as other:
        head, claims, signature = other.token(partner=other.contoso).split(".")
        stolen: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=="))
        stolen["tid"] = one.contoso
        forged = base64.urlsafe_b64encode(json.dumps(stolen).encode()).rstrip(b"=").decode()
        headers = {"Authorization": f"Bearer {head}.{forged}.{signature}"}
        assert sandbox.http.get(one.customer(OXFORD), headers=headers).status_code == 401


@pytest.mark.parametrize("others", [0, 1])
def test_an_ended_world_is_gone(sandbox: Sandbox, others: int) -> None:
    """What is meant for it is nothing for the first world, nor for another."""
    with ExitStack() as stack:
        for _ in range(others):
            stack.enter_context(world(sandbox))
        with world(sandbox) as one:
            token, toys = one.token(partner=one.contoso), one.customer(TOYS)
            one.partner("POST", toys, json=EDUCATION)
        answer = sandbox.http.get(toys, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (401, 403, 404)
        for method, path in (("GET", "/info"), ("POST", "/clock"), ("POST", "/reset"), ("DELETE", "")):
            gone = one.control(method, path, json={} if method == "POST" else None)
            assert gone.status_code == 404
            assert "no such world" in gone.text


def test_its_authority_is_found_by_tenant_domain_application_and_user(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        partner = one.made["partners"][0]
        user, secret = partner["users"][0], partner["applications"][0]
        form = {
            "grant_type": "password",
            "username": user["username"],
            "password": user["password"],
            "client_id": secret["clientId"],
            "client_secret": secret["clientSecret"],
            "scope": EVERYTHING,
        }
        domain = user["username"].partition("@")[2]
        for tenant in (partner["tenantId"], partner["tenantId"].upper(), domain, "organizations", "common"):
            answer = sandbox.http.post(f"/{tenant}/oauth2/v2.0/token", data=form)
            assert answer.status_code == 200, answer.text
        basic = (secret["clientId"], secret["clientSecret"])
        anonymous = {key: value for key, value in form.items() if not key.startswith("client_")}
        assert sandbox.http.post("/common/oauth2/v2.0/token", data=anonymous, auth=basic).status_code == 200
        realm = sandbox.http.get(f"/common/userrealm/{user['username']}", params={"api-version": "1.0"}).json()
        assert realm["account_type"] == "Managed"
        found = sandbox.http.get(f"/{domain}/v2.0/.well-known/openid-configuration").json()
        assert partner["tenantId"] in found["issuer"]


def test_a_code_and_a_device_sign_in_to_their_world(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        user = one.made["partners"][0]["users"][0]["username"]
        query = {
            "client_id": _public(one),
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": EVERYTHING,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "login_hint": user,
        }
        sent = sandbox.http.get("/common/oauth2/v2.0/authorize", params=query).headers["location"]
        form = {
            "grant_type": "authorization_code",
            "code": sent.partition("code=")[2].partition("&")[0],
            "redirect_uri": REDIRECT,
            "client_id": _public(one),
            "code_verifier": VERIFIER,
        }
        assert sandbox.http.post("/common/oauth2/v2.0/token", data=form).status_code == 200
        device = {"client_id": _public(one), "scope": EVERYTHING}
        asked = sandbox.http.post("/organizations/oauth2/v2.0/devicecode", data=device).json()
        sandbox.http.post("/devicelogin", data={"user_code": asked["user_code"], "username": user}).raise_for_status()
        form = {"grant_type": "device_code", "device_code": asked["device_code"], "client_id": _public(one)}
        assert sandbox.http.post("/organizations/oauth2/v2.0/token", data=form).status_code == 200


def test_its_reset_leaves_the_others_alone(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        toys = one.customer(TOYS)
        for each in (one, other):
            each.partner("POST", toys, json=EDUCATION)
        assert one.control("POST", "/reset").status_code == 204
        assert one.standing(toys) == []
        assert other.standing(toys) != []


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"mode": "sometimes"}, "no vetting mode"),
        ({"contract": "tomorrow"}, "contract must be one of documented, live"),
        ({"customers": [{"companyName": "No Domain"}]}, "customers[0]"),
        ({"customers": "many"}, "customers must be a list"),
        ({"validationCodes": [{"validationId": "1", "maxCreates": -1}]}, "maxCreates must be a whole number"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    sandbox: Sandbox, wanted: dict[str, Any], sentence: str
) -> None:
    before = sandbox.http.get("/sandbox/worlds").json()
    answer = sandbox.http.post("/sandbox/worlds", json=wanted)
    assert answer.status_code == 400
    assert sentence in answer.json()["description"]
    assert sandbox.http.get("/sandbox/worlds").json() == before


def test_its_contract_is_its_own(sandbox: Sandbox) -> None:
    with world(sandbox, contract="swagger") as one, world(sandbox, contract="documented") as other:
        toys = one.customer(TOYS)
        assert (one.made["contract"], other.made["contract"]) == ("swagger", "documented")
        assert one.partner("POST", toys, json=EDUCATION).status_code == 200
        assert one.partner("GET", toys).json()["qualifications"][0]["vettingStatus"] == "InReview"
        assert other.partner("POST", toys, json=EDUCATION).status_code == 201
        assert one.control("POST", "/reset").status_code == 204
        assert one.partner("GET", toys).json() == {"qualifications": []}


def test_its_maker_brings_customers_and_codes_along(sandbox: Sandbox) -> None:
    customers = [{"companyName": "Northwind College", "domain": "northwind.edu", "country": "us"}]
    codes = [{"validationId": "777", "maxCreates": 2, "organizationName": "Contoso, Inc."}]
    with world(sandbox, customers=customers, validationCodes=codes, mode="immediate") as one:
        assert [each["companyName"] for each in one.made["customers"]] == ["Northwind College"]
        path = one.customer("northwind.edu")
        one.partner("POST", path, json=EDUCATION)
        assert one.standing(path)[0]["vettingStatus"] == "Approved"
        assert one.made["partners"][0]["validationCodes"][0]["remainingCreates"] == 2


def test_many_at_once(sandbox: Sandbox) -> None:
    """Fifty worlds, eight at a time: each counts its own cases, and ended ones leave no file open."""

    def live(number: int) -> int:
        with world(sandbox) as one:
            for domain in (TOYS, OXFORD)[: 1 + number % 2]:
                assert one.partner("POST", one.customer(domain), json=EDUCATION).status_code == 201
            return sum(len(one.standing(one.customer(domain))) for domain in (TOYS, OXFORD))

    before = sandbox.http.get("/sandbox/worlds").json()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(live, range(50))) == [1 + number % 2 for number in range(50)]
    assert sandbox.http.get("/sandbox/worlds").json() == before
    names = [os.readlink(one) for one in Path(f"/proc/{sandbox.process.pid}/fd").iterdir() if one.is_symlink()]
    ready = 8 + len(before["worlds"])
    assert sum("/worlds/" in name for name in names) <= ready * 12, "only what is kept ready"


def test_they_are_listed_with_where_they_are_controlled(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        *_, listed = sandbox.http.get("/sandbox/worlds").json()["worlds"]
        assert listed == {"id": one.made["id"], "control": one.made["endpoints"]["control"]}


@pytest.mark.parametrize("header", [{"Origin": "https://page.example"}, {"Host": "page.example"}])
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("GET", ""), ("DELETE", "/1"), ("GET", "/1/info")])
def test_pages_from_elsewhere_make_and_see_none(
    sandbox: Sandbox, method: str, path: str, header: dict[str, str]
) -> None:
    assert sandbox.http.request(method, f"/sandbox/worlds{path}", headers=header).status_code == 403


def test_worlds_leave_nothing_where_a_sandbox_keeps_its_data(tmp_path: Path) -> None:
    """Not even when it is killed: a world is for a while."""
    with Sandbox("--data", str(tmp_path)) as kept:
        kept.http.post("/sandbox/worlds").raise_for_status()
        kept.kill()
    assert not list(tmp_path.glob("**/worlds"))
