"""What a test puts into a world, and a world as one JSON document that goes on in another."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.partner import EDUCATION, government
from tests.support.processes import Sandbox
from tests.support.worlds import world
from vetline.clock import SystemClock
from vetline.sandbox.contents.seeding import seeds_of
from vetline.wire import words
from vetline.wire.faults import FaultError

TOYS, REDMOND, OXFORD = "tailspintoys.onmicrosoft.com", "cityofredmond.onmicrosoft.com", "ox.ac.uk"
CSV = """\
companyName,domain,country,city,postalCode
École Normale,ens.psl.eu,fr,Paris,75005
Massachusetts Institute of Technology,mit.edu,US,Cambridge,02139
"""
_DOMAIN_FILTER = '{"Field":"Domain","Value":"tailspin","Operator":"starts_with"}'
PARTNER = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"


def test_customers_come_as_csv(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        answer = one.control("POST", "/seeds", content=CSV.encode(), headers={"Content-Type": "text/csv"})
        assert answer.status_code == 201, answer.text
        assert [each["domain"] for each in answer.json()["customers"]] == ["ens.psl.eu", "mit.edu"]
        one.partner("POST", path := one.customer("mit.edu"), json=EDUCATION)
        one.control("POST", "/clock", json={"advanceSeconds": 0})
        assert one.standing(path)[0]["vettingStatus"] == "Approved"


def test_customers_and_codes_come_as_json_all_or_none(sandbox: Sandbox) -> None:
    known = "11111111-c0c0-4000-8000-000000000001"
    with world(sandbox) as one:
        body = {
            "customers": [{"companyName": "A", "domain": "a.example", "partnerTenantId": one.fabrikam}],
            "validationCodes": [{"validationId": "1", "maxCreates": 9, "remainingCreates": 3}],
        }
        assert one.control("POST", "/seeds", json=body).json()["validationCodes"] == ["1"]
        twice = {
            "customers": [{"companyName": "B", "domain": "b.example"}, {"companyName": "C", "domain": "c", "id": known}]
        }
        refused = one.control("POST", "/seeds", json=twice)
        assert refused.status_code == 400
        assert "there already" in refused.json()["description"]
        domains = [each["domain"] for each in one.control("GET", "/info").json()["customers"]]
        assert domains.count("a.example") == 1
        assert "b.example" not in domains


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"customers": [{"domain": "a.example"}]}, "customers[0].companyName"),
        ({"customers": [{"companyName": "A", "domain": "a.example", "partnerTenantId": PARTNER}]}, "partnerTenantId"),
        ({"customers": [1]}, "customers must be a list"),
        ({"validationCodes": [{"validationId": "x", "maxCreates": 1.5}]}, "whole number"),
        ([], "JSON object"),
    ],
)
def test_seeds_that_cannot_be_read(sandbox: Sandbox, body: Any, sentence: str) -> None:
    with world(sandbox) as one:
        answer = one.control("POST", "/seeds", json=body)
        assert answer.status_code == 400
        assert sentence in answer.json()["description"]


@given(st.binary(max_size=300), st.sampled_from(["text/csv", "application/json"]))
def test_any_bytes_are_seeds_or_refused(body: bytes, kind: str) -> None:
    with contextlib.suppress(FaultError):
        found = seeds_of(body, kind, [PARTNER], SystemClock().now())
        assert all(one.domain for one in found.customers)


def test_a_sandbox_begins_with_a_file(tmp_path: Path) -> None:
    seeds, ready = tmp_path / "customers.csv", tmp_path / "ready"
    seeds.write_text(CSV, "utf-8")
    with Sandbox("--seed", str(seeds), "--ready-file", str(ready)) as sandbox:
        assert {each["domain"] for each in sandbox.info["customers"]} == {"ens.psl.eu", "mit.edu"}
        assert ready.read_text("utf-8") == f"{sandbox.base}\n"


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    seeds = tmp_path / "customers.json"
    seeds.write_text('{"customers": [{}]}', "utf-8")
    with pytest.raises(AssertionError, match="companyName"):
        Sandbox("--seed", str(seeds))


def test_a_world_goes_on_in_another(sandbox: Sandbox) -> None:
    """With its cases and their history, codes, answers, clock and vetting; its partners are the other's."""
    with world(sandbox, mode="by-hand") as one, world(sandbox) as other:
        toys, redmond = one.customer(TOYS), one.customer(REDMOND)
        retry = {"MS-RequestId": "5b1ed4f5-7c0c-4d4a-8f3a-111111111111"}
        first = one.partner("POST", toys, json=EDUCATION, headers=retry)
        one.partner("POST", redmond, json=government("987654"))
        one.control("POST", "/clock", json={"advance": "2 hours", "frozen": True})
        one.control("POST", "/decisions/next", json={"vettingStatus": "Denied", "vettingReason": words.REASONS[2]})
        taken = one.control("GET", "/snapshot").raise_for_status()
        json.loads(taken.content)

        assert other.control("PUT", "/snapshot", content=taken.content).status_code == 204
        assert other.control("GET", "/clock").json() == one.control("GET", "/clock").json()
        assert other.control("GET", "/vetting").json() == one.control("GET", "/vetting").json()
        one.forget_tokens()  # the clock has moved
        other.forget_tokens()
        for path in (toys, redmond):
            assert other.standing(path) == one.standing(path)
        codes = [each.control("GET", "/info").json()["partners"][0]["validationCodes"] for each in (one, other)]
        assert codes[0] == codes[1]
        again = other.partner("POST", toys, json=EDUCATION, headers=retry)
        assert (again.status_code, again.content) == (first.status_code, first.content), "the retry is known there too"
        found = other.partner(
            "GET", "/v1/customers", params={"filter": '{"Field":"Domain","Value":"tailspin","Operator":"starts_with"}'}
        )
        assert found.status_code == 200


def test_a_snapshot_of_a_snapshot_is_the_same(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        one.partner("POST", one.customer(OXFORD), json=EDUCATION)
        one.control("POST", "/clock", json={"frozen": True})
        first = one.control("GET", "/snapshot").content
        one.control("POST", "/reset")
        one.control("PUT", "/snapshot", content=first).raise_for_status()
        assert one.control("GET", "/snapshot").content == first


@pytest.mark.parametrize("harm", ["format", "schema", "table", "column", "row", "mode", "bytes", "json", "empty"])
def test_a_snapshot_that_does_not_fit_changes_nothing(sandbox: Sandbox, harm: str) -> None:
    with world(sandbox) as one:
        one.partner("POST", one.customer(OXFORD), json=EDUCATION)
        one.control("POST", "/clock", json={"frozen": True})
        before = one.control("GET", "/snapshot").content
        answer = one.control("PUT", "/snapshot", content=_harmed(before, harm))
        assert answer.status_code == 400, answer.text
        assert one.control("GET", "/snapshot").content == before


def _harmed(document: bytes, harm: str) -> bytes:
    found: dict[str, Any] = json.loads(document)
    tables = found["contents"]["tables"]
    match harm:
        case "format":
            found["format"] = "vetline-world/0"
        case "schema":
            found["contents"]["schema"] += 1
        case "table":
            del tables["cases"]
        case "column":
            tables["cases"][0][0] = "x = 1; --"
        case "row":
            tables["customers"][-1] = tables["customers"][-1][:-1]
        case "mode":
            found["modes"] = [[{"partner": "", "customer": "", "domain": ""}, "never"]]
        case "bytes":
            tables["customers"][-1][0] = {"hex": "not hex"}
        case "json":
            return document[:-2]
        case _:
            return b""
    return json.dumps(found).encode()
