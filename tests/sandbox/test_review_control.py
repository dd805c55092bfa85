"""Four eyes as a switch: the same as the setting of `vetline serve`, at any time, in one world."""

from typing import Any

import pytest

from tests.support.partner import EDUCATION
from tests.support.processes import Sandbox
from tests.support.worlds import World, world

QUEUE = "/vetline/v1/review/queue"
OXFORD = "ox.ac.uk"
DENIAL = {"reason": "Not an eligible Library"}


def waiting(one: World) -> tuple[str, str]:
    """Have a case wait for a person; return its address and that of the customer's qualifications."""
    one.partner("POST", path := one.customer(OXFORD), json=EDUCATION).raise_for_status()
    one.control("POST", "/clock", json={"advanceSeconds": 0}).raise_for_status()
    (case,) = one.call("GET", QUEUE, "reviewer").raise_for_status().json()["items"]
    return str(case["uri"]), path


def shown(one: World) -> Any:
    """Return which decisions need a second reviewer."""
    return one.control("GET", "/review").raise_for_status().json()


def test_a_denial_waits_for_a_second_reviewer(sandbox: Sandbox) -> None:
    """Two tell the same; one alone is told to find another; a snapshot knows of it, a reset does not."""
    with world(sandbox, mode="by-hand") as one:
        answer = one.control("PUT", "/review", json={"fourEyes": ["denials"]})
        assert answer.json() == shown(one) == {"fourEyes": ["denials"]}
        uri, path = waiting(one)
        first = one.call("POST", f"{uri}/deny", "reviewer", json=DENIAL).raise_for_status().json()
        assert (first["stage"], first["proposal"]["outcome"]) == ("reviewing", "deny")
        assert one.call("POST", f"{uri}/deny", "reviewer", json=DENIAL).json()["errorName"] == "SecondPersonNeeded"
        assert one.standing(path)[0]["vettingStatus"] == "InReview"
        snapshot = one.control("GET", "/snapshot").content
        second = one.call("POST", f"{uri}/deny", "administrator", json=DENIAL).raise_for_status().json()
        assert second["stage"] == "denied"
        assert one.standing(path)[0]["vettingReason"] == DENIAL["reason"]
        one.control("POST", "/reset").raise_for_status()
        assert shown(one) == {"fourEyes": []}
        one.control("PUT", "/snapshot", content=snapshot).raise_for_status()
        assert shown(one) == {"fourEyes": ["denials"]}


def test_it_is_off_again_at_once_and_elsewhere_it_never_was_on(sandbox: Sandbox) -> None:
    """One reviewer is enough then; the hand of a test always is."""
    with world(sandbox, mode="by-hand") as one, world(sandbox, mode="by-hand") as other:
        one.control("PUT", "/review", json={"fourEyes": ["government", "denials"]}).raise_for_status()
        assert shown(other) == {"fourEyes": []}
        uri, _ = waiting(other)
        assert other.call("POST", f"{uri}/deny", "reviewer", json=DENIAL).json()["stage"] == "denied"
        uri, path = waiting(one)
        one.control("PUT", "/review", json={"fourEyes": []}).raise_for_status()
        assert one.call("POST", f"{uri}/deny", "reviewer", json=DENIAL).json()["stage"] == "denied"
        one.control("PUT", "/review", json={"fourEyes": ["denials"]}).raise_for_status()
        one.partner("POST", path, json=EDUCATION).raise_for_status()
        by_hand = {"customerId": path.split("/")[3], "qualification": "Education", "vettingStatus": "Denied"}
        one.control("POST", "/decisions", json=by_hand | {"vettingReason": DENIAL["reason"]}).raise_for_status()
        assert one.standing(path)[0]["vettingStatus"] == "Denied"


@pytest.mark.parametrize(
    "body", [{}, {"fourEyes": True}, {"fourEyes": ["approvals"]}, {"fourEyes": [[]]}, {"fourEyes": [], "more": 1}, []]
)
def test_what_is_not_understood_changes_nothing(sandbox: Sandbox, body: Any) -> None:
    with world(sandbox) as one:
        one.control("PUT", "/review", json={"fourEyes": ["government"]}).raise_for_status()
        refused = one.control("PUT", "/review", json=body)
        assert refused.status_code == 400
        assert "denials, government" in refused.json()["description"] or body == []
        assert shown(one) == {"fourEyes": ["government"]}
