"""The vetting does what a test wants of it: by mode, for all or for some, and by decisions, now or beforehand."""

from typing import Any

import pytest

from tests.support.partner import EDUCATION, government
from tests.support.processes import Sandbox
from tests.support.worlds import World, world
from vetline.wire import words

OXFORD, TOYS, TEXAS = "ox.ac.uk", "tailspintoys.onmicrosoft.com", "utexas.edu"
REDMOND = "cityofredmond.onmicrosoft.com"


def _ask(one: World, domain: str, body: Any = EDUCATION) -> str:
    path = one.customer(domain)
    assert one.partner("POST", path, json=body).status_code == 201
    one.control("POST", "/clock", json={"advanceSeconds": 0}).raise_for_status()  # what is due is done
    return path


def _status(one: World, path: str) -> str:
    return str(one.standing(path)[0]["vettingStatus"])


def _put(one: World, **wanted: str) -> dict[str, Any]:
    found: dict[str, Any] = one.control("PUT", "/vetting", json=wanted).raise_for_status().json()
    return found


@pytest.mark.parametrize(
    ("mode", "oxford", "toys"),
    [
        ("auto", "Approved", "InReview"),
        ("immediate", "Approved", "Approved"),
        ("by-hand", "InReview", "InReview"),
        ("after:60", "InReview", "InReview"),
        ("after-polls:1", "InReview", "InReview"),
    ],
)
def test_modes_for_all(sandbox: Sandbox, mode: str, oxford: str, toys: str) -> None:
    with world(sandbox) as one:
        _put(one, mode=mode)
        assert [_status(one, _ask(one, domain)) for domain in (OXFORD, TOYS)] == [oxford, toys]


def test_after_a_time_and_after_polls(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        _put(one, mode="after-polls:2")
        toys = _ask(one, TOYS)
        assert [_status(one, toys) for _ in range(4)] == ["InReview", "InReview", "Approved", "Approved"]
        _put(one, mode="after:60")
        oxford = _ask(one, OXFORD)
        assert _status(one, oxford) == "InReview"
        one.control("POST", "/clock", json={"advanceSeconds": 60})
        assert _status(one, oxford) == "Approved"


def test_the_most_particular_mode_counts(sandbox: Sandbox) -> None:
    """Its own, then its domain's, its partner's, everybody's; of two alike the later one."""
    with world(sandbox, mode="by-hand") as one:
        customer = one.customer(TOYS).split("/")[3]
        _put(one, mode="immediate", partnerTenantId=one.contoso)
        assert _status(one, _ask(one, OXFORD)) == "Approved"
        _put(one, mode="by-hand", domain="*.onmicrosoft.com")
        _put(one, mode="after:99", domain="TAILSPIN*")
        shown = _put(one, mode="immediate", customerId=customer)
        assert [each["mode"] for each in shown["modes"]] == ["by-hand", "immediate", "by-hand", "after:99", "immediate"]
        assert _status(one, _ask(one, TOYS)) == "Approved"
        assert _status(one, _ask(one, "fineartschool.onmicrosoft.com")) == "InReview"
        assert one.control("DELETE", "/vetting").json() == {"modes": [{"mode": "auto"}], "next": []}


def test_modes_of_one_world_are_not_anothers(sandbox: Sandbox) -> None:
    with world(sandbox) as one, world(sandbox) as other:
        _put(one, mode="immediate")
        assert [_status(each, _ask(each, TOYS)) for each in (one, other)] == ["Approved", "InReview"]


@pytest.mark.parametrize("reason", words.REASONS)
def test_each_reason_is_reached_by_hand_and_beforehand(sandbox: Sandbox, reason: str) -> None:
    denied = {"vettingStatus": "Denied", "vettingReason": reason}
    with world(sandbox, mode="by-hand") as one:
        toys = _ask(one, TOYS)
        by_hand = {"customerId": toys.split("/")[3], "qualification": "Education", **denied}
        if reason.startswith("No longer"):  # it was one before
            one.control("POST", "/decisions", json={**by_hand, "vettingStatus": "Approved"}).raise_for_status()
        one.control("POST", "/decisions", json=by_hand).raise_for_status()
        one.control("POST", "/decisions/next", json=denied).raise_for_status()
        oxford = _ask(one, OXFORD)
        for path in (toys, oxford):
            assert one.standing(path)[0]["vettingStatus"] == "Denied"
            assert one.standing(path)[0]["vettingReason"] == reason


def test_the_next_decision_is_for_whom_it_was_laid_down(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        laid = [
            {"vettingStatus": "Denied", "vettingReason": words.REASONS[0], "domain": TOYS},
            {"vettingStatus": "Approved", "qualification": "GovernmentCommunityCloud"},
            {"vettingStatus": "Denied", "vettingReason": words.REASONS[1], "partnerTenantId": one.fabrikam},
        ]
        for decision in laid:
            shown = one.control("POST", "/decisions/next", json=decision).raise_for_status().json()
        assert shown["next"] == [
            {"domain": TOYS, "vettingStatus": "Denied", "vettingReason": words.REASONS[0]},
            {"qualification": "GovernmentCommunityCloud", "vettingStatus": "Approved"},
            {"partnerTenantId": one.fabrikam, "vettingStatus": "Denied", "vettingReason": words.REASONS[1]},
        ]
        assert _status(one, _ask(one, OXFORD)) == "Approved"
        assert _status(one, _ask(one, TOYS)) == "Denied"
        assert _status(one, _ask(one, REDMOND, government())) == "Approved"
        assert [each["partnerTenantId"] for each in one.control("GET", "/vetting").json()["next"]] == [one.fabrikam]


def test_a_decision_laid_down_counts_in_the_synchronous_generation_too(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        denied = {"vettingStatus": "Denied", "vettingReason": words.REASONS[0]}
        one.control("POST", "/decisions/next", json=denied).raise_for_status()
        path = one.customer(OXFORD).removesuffix("qualifications") + "qualification"
        answer = one.partner("PUT", path, json="education")
        assert (answer.status_code, answer.json()["description"]) == (400, "Customer tagging denied.")


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("PUT", "/vetting", {}, "send {"),
        ("PUT", "/vetting", {"mode": "after:x"}, "no vetting mode"),
        ("PUT", "/vetting", {"mode": "auto", "customerId": "x"}, "customerId must be a GUID"),
        ("POST", "/decisions/next", {}, "vettingStatus must be"),
        ("POST", "/decisions/next", {"vettingStatus": "Denied", "vettingReason": "Because"}, "vettingStatus must be"),
        ("POST", "/decisions/next", {"vettingStatus": "Approved", "qualification": "Gold"}, "qualification must be"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_to_send(
    sandbox: Sandbox, method: str, path: str, body: dict[str, Any], sentence: str
) -> None:
    with world(sandbox) as one:
        answer = one.control(method, path, json=body)
        assert answer.status_code == 400
        assert sentence in answer.json()["description"]


def test_wishes_have_an_end(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        approved = {"vettingStatus": "Approved", "domain": "nobody.example"}
        answers = [one.control("POST", "/decisions/next", json=approved).status_code for _ in range(1_001)]
        assert answers == [200] * 1_000 + [400]
