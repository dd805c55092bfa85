"""Partner Center's limits: 75 customers (800018), 500 requests a minute; by the command line, by a control route."""

import asyncio
from typing import Any

import pytest

from tests.support.partner import Client, at_once, new_customer
from tests.support.processes import Sandbox

FABRIKAM = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
SEEDED = 6


def limit(sandbox: Sandbox, **limits: Any) -> dict[str, Any]:
    """Let limits hold, and return those that do."""
    found: dict[str, Any] = sandbox.http.put("/sandbox/limits", json=limits).raise_for_status().json()
    return found


async def test_no_more_customers_than_the_limit(sandbox: Sandbox) -> None:
    """Thirty at once for four places: four are created. A deletion gives a place back; another partner has its own."""
    limit(sandbox, customers=SEEDED + 4)
    async with Client(sandbox) as partner:
        answers = await at_once(30, lambda number: partner.send("POST", "/v1/customers", new_customer(number)))
        created = [answer for answer in answers if answer.status_code == 201]
        refused = [answer.json() for answer in answers if answer.status_code == 400]
        assert (len(created), len(refused)) == (4, 26)
        assert {(one["code"], one["errorName"]) for one in refused} == {("800018", "SandboxLimitReached")}
        assert {one["description"] for one in refused} == {"The sandbox limit has been met"}
        (await partner.send("DELETE", f"/v1/customers/{created[0].json()['id']}")).raise_for_status()
        assert len(await partner.create(1)) == 1
    async with Client(sandbox, partner=FABRIKAM) as other:
        assert len(await other.create(3)) == 3


def test_a_retry_of_the_last_creation_is_no_other(sandbox: Sandbox) -> None:
    """The stored answer comes again, also when there is no place any more."""
    limit(sandbox, customers=SEEDED + 1)
    headers = {"MS-RequestId": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}
    first, again = (sandbox.call("POST", "/v1/customers", json=new_customer(1), headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


def test_no_more_requests_than_the_limit(sandbox: Sandbox) -> None:
    """The gateway's 429, until the minute is over by the sandbox's own clock."""
    limit(sandbox, requestsPerMinute=3)
    sandbox.http.post("/sandbox/clock", json={"frozen": True}).raise_for_status()
    answers = [sandbox.call("GET", "/v1/customers") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert sandbox.call("GET", "/v1/customers", partner=FABRIKAM).status_code == 200
    wait = int(answers[-1].headers["retry-after"])
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": wait}).raise_for_status()
    assert sandbox.call("GET", "/v1/customers").status_code == 200


def test_limits_are_shown_changed_and_reset(sandbox: Sandbox) -> None:
    """What is left out or null has none; a reset takes them away."""
    none = {"customers": None, "requestsPerMinute": None}
    assert sandbox.http.get("/sandbox/limits").json() == none
    assert limit(sandbox, customers=75, requestsPerMinute=500) == {"customers": 75, "requestsPerMinute": 500}
    assert limit(sandbox, customers=10) == {"customers": 10, "requestsPerMinute": None}
    sandbox.reset()
    assert sandbox.http.get("/sandbox/limits").json() == none


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"customers": 0}, "customers must be a whole number from 1 to 1000000, or null for no limit."),
        ({"customers": "75"}, "customers must be"),
        ({"requestsPerMinute": True}, "requestsPerMinute must be"),
        ({"requestsPerMinute": 10**7}, "requestsPerMinute must be"),
        ({"customer": 75}, "'customer' is no limit: send customers, requestsPerMinute, or both."),
    ],
)
def test_what_is_no_limit_is_refused(sandbox: Sandbox, body: dict[str, Any], sentence: str) -> None:
    """The sentence says what to send, and the limits stay."""
    limit(sandbox, customers=9)
    refused = sandbox.http.put("/sandbox/limits", json=body)
    assert refused.status_code == 400
    assert sentence in refused.json()["description"]
    assert sandbox.http.get("/sandbox/limits").json()["customers"] == 9


def test_by_the_command_line() -> None:
    """Partner Center's own figures hold from the beginning, in every world, and again after a reset."""
    figures = {"customers": 75, "requestsPerMinute": 500}
    with Sandbox("--partner-center-limits") as sandbox:
        control = sandbox.http.post("/sandbox/worlds").raise_for_status().json()["endpoints"]["control"]
        assert sandbox.http.get(f"{control}/limits").json() == figures
        limit(sandbox)
        sandbox.reset()
        assert sandbox.http.get("/sandbox/limits").json() == figures
        statuses = asyncio.run(_customers_beyond(sandbox))
    assert statuses.count(201) == 75 - SEEDED
    assert set(statuses[75 - SEEDED :]) == {400}


async def _customers_beyond(sandbox: Sandbox) -> list[int]:
    async with Client(sandbox) as partner:
        return [(await partner.send("POST", "/v1/customers", new_customer(n))).status_code for n in range(72)]
