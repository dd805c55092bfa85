"""A retry with the same MS-RequestId gets the first answer again, byte for byte, and has no second effect."""

import uuid
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.partner import EDUCATION, Client, at_once, government, new_customer, qualifications, submissions
from tests.support.processes import Sandbox
from vetline.sandbox.contents.seeds import CONTOSO_TENANT, FABRIKAM_TENANT

OXFORD = "11111111-c0c0-4000-8000-000000000001"
SCHOOL = "11111111-c0c0-4000-8000-000000000006"
UTEXAS = "22222222-fab0-4000-8000-000000000001"
NOBODY = "33333333-0000-4000-8000-000000000001"
TOGETHER = 32
DAY = 24 * 3600


def _one_answer(answers: list[httpx2.Response]) -> httpx2.Response:
    """Return the answer that all of them are, byte for byte."""
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    return answers[0]


async def test_equal_submissions_at_once_have_one_effect_and_one_answer(sandbox: Sandbox) -> None:
    """32 equal POSTs in flight together: one submission in the audit log, 32 equal answers."""
    async with Client(sandbox) as client:
        request = str(uuid.uuid4())
        answers = await at_once(TOGETHER, lambda n: client.ask(SCHOOL, request_id=request))
    assert _one_answer(answers).status_code == 201
    assert submissions(sandbox, SCHOOL) == 1


async def test_equal_government_submissions_use_one_creation(sandbox: Sandbox) -> None:
    """A code is not used up by retries."""
    async with Client(sandbox) as client:
        request = str(uuid.uuid4())
        answers = await at_once(TOGETHER, lambda n: client.ask(SCHOOL, government(), request))
    assert _one_answer(answers).json()["vettingStatus"] == "Approved"
    codes = {code["validationId"]: code for code in sandbox.call("GET", "/v1/customers/all/validations").json()}
    assert codes["987654"]["remainingCreates"] == 4


async def test_unequal_requests_have_one_effect_too(sandbox: Sandbox) -> None:
    """32 POSTs with an id each: one is accepted, the others are told that it is in review."""
    async with Client(sandbox) as client:
        answers = await at_once(TOGETHER, lambda n: client.ask(SCHOOL))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (TOGETHER - 1)
    assert submissions(sandbox, SCHOOL) == 1


# What is asked, of whom, and the failure it meets.
FAILURES = [
    pytest.param(OXFORD, EDUCATION, 409, "AlreadyQualified", id="409"),
    pytest.param(SCHOOL, {"qualification": "Nonprofit"}, 400, "QualificationNotSettable", id="400"),
    pytest.param(SCHOOL, government("NotRealCode"), 400, "ValidationCodeNotFound", id="400-of-the-rules"),
    pytest.param(NOBODY, EDUCATION, 404, "CustomerNotFound", id="404"),
]


@pytest.mark.parametrize(("customer", "body", "status", "name"), FAILURES)
async def test_failures_are_replayed_too(
    sandbox: Sandbox, customer: str, body: dict[str, str], status: int, name: str
) -> None:
    """A client that re-sends a failure gets that failure, and cannot give its id another meaning."""
    async with Client(sandbox) as client:
        await client.ask(OXFORD)
        sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0})
        request = str(uuid.uuid4())
        answers = await at_once(TOGETHER, lambda n: client.ask(customer, body, request))
        first = _one_answer(answers)
        assert (first.status_code, first.json()["errorName"]) == (status, name)
        _one_answer([first, await client.ask(customer, body, request)])
        _assert_reused(await client.ask(customer, {"qualification": "StateOwnedEntity"}, request))


async def test_failure_stays_the_answer_when_its_cause_is_gone(sandbox: Sandbox) -> None:
    """The answer belongs to the request, not to the moment."""
    async with Client(sandbox) as client:
        request = str(uuid.uuid4())
        await client.ask(SCHOOL)
        first = await client.ask(SCHOOL, request_id=request)
        decision = {"customerId": SCHOOL, "qualification": "Education", "vettingStatus": "Denied"}
        sandbox.http.post("/sandbox/decisions", json=decision | {"vettingReason": "Not an eligible Library"})
        again = await client.ask(SCHOOL, request_id=request)
        assert _one_answer([first, again]).status_code == 409
        assert (await client.ask(SCHOOL)).status_code == 201


def _assert_reused(answer: httpx2.Response) -> None:
    fault = answer.json()
    assert (answer.status_code, fault["code"], fault["errorName"]) == (400, "800002", "RequestIdReused")


async def test_same_id_with_another_body_is_refused(sandbox: Sandbox) -> None:
    """Whatever differs in what is asked, also while the first is in flight: 400 / 800002, and no effect."""
    bodies: list[Any] = [EDUCATION, EDUCATION | {"website": "x.example"}]
    async with Client(sandbox) as client:
        request = str(uuid.uuid4())
        answers = await at_once(TOGETHER, lambda n: client.ask(SCHOOL, bodies[n % 2], request))
        accepted = [answer for answer in answers if answer.status_code == 201]
        assert len(accepted) == TOGETHER / 2
        _one_answer(accepted)
        for refused in (answer for answer in answers if answer.status_code != 201):
            _assert_reused(refused)
    assert submissions(sandbox, SCHOOL) == 1


async def test_same_id_for_another_path_is_another_request(sandbox: Sandbox) -> None:
    """Clients that send one id to several customers are not mixed up."""
    async with Client(sandbox) as client:
        request = str(uuid.uuid4())
        answers = [await client.ask(customer, request_id=request) for customer in (SCHOOL, OXFORD)]
        assert [answer.status_code for answer in answers] == [201, 201]
        upper = await client.send("POST", f"/v1/Customers/{SCHOOL.upper()}/Qualifications", EDUCATION, request)
        _one_answer([answers[0], upper])


async def test_another_partner_with_the_same_id_is_independent(sandbox: Sandbox) -> None:
    """An id means nothing outside its partner, and tells nothing."""
    request = str(uuid.uuid4())
    async with Client(sandbox) as contoso, Client(sandbox, partner=FABRIKAM_TENANT) as fabrikam:
        assert (await contoso.ask(SCHOOL, request_id=request)).status_code == 201
        assert (await fabrikam.ask(UTEXAS, request_id=request)).status_code == 201
        foreign = await fabrikam.ask(SCHOOL, request_id=request)
        assert (foreign.status_code, foreign.json()["code"]) == (403, "20002")


async def test_synchronous_put_is_replayed(sandbox: Sandbox) -> None:
    """32 equal PUTs: one submission, and every one gets the value."""
    async with Client(sandbox) as client:
        request, path = str(uuid.uuid4()), f"/v1/customers/{OXFORD}/qualification"
        answers = await at_once(TOGETHER, lambda n: client.send("PUT", path, "education", request))
        assert (_one_answer(answers).status_code, answers[0].json()) == (200, "education")
        _assert_reused(await client.send("PUT", path, "none", request))
    assert submissions(sandbox, OXFORD) == 1


async def test_customers_are_created_once(sandbox: Sandbox) -> None:
    """32 equal POSTs of a customer: one customer, and 32 times the same first password."""
    before = len(sandbox.info["customers"])
    async with Client(sandbox) as client:
        request = str(uuid.uuid4())
        answers = await at_once(TOGETHER, lambda n: client.send("POST", "/v1/customers", new_customer(1), request))
        assert _one_answer(answers).json()["userCredentials"]["password"]
        _assert_reused(await client.send("POST", "/v1/customers", new_customer(2), request))
    assert len(sandbox.info["customers"]) == before + 1


def _post(sandbox: Sandbox, request: str) -> httpx2.Response:
    sandbox._tokens.clear()
    return sandbox.call("POST", qualifications(OXFORD), json=EDUCATION, headers={"MS-RequestId": request})


def _advance(sandbox: Sandbox, seconds: float) -> None:
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()


def test_answers_survive_a_kill_and_a_day_and_not_the_housekeeping(tmp_path: Path) -> None:
    """After kill -9 and a restart, and 24 hours later, the same bytes; two days later the id is as good as new."""
    request = str(uuid.uuid4())
    with Sandbox("--data", str(tmp_path)) as sandbox:
        first = _post(sandbox, request)
        sandbox.kill()
    with Sandbox("--data", str(tmp_path)) as sandbox:
        assert _one_answer([first, _post(sandbox, request)]).json()["vettingStatus"] == "InReview"
        _advance(sandbox, DAY)
        _one_answer([first, _post(sandbox, request)])
        sandbox.kill()
    with Sandbox("--data", str(tmp_path)) as sandbox:
        _one_answer([first, _post(sandbox, request)])
        _advance(sandbox, DAY + 60)
        anew = _post(sandbox, request)
        assert (anew.status_code, anew.json()["errorName"]) == (409, "AlreadyQualified")
        assert submissions(sandbox, OXFORD) == 1
        assert sandbox.stop() == 0


def test_contoso_is_who_the_tests_think(sandbox: Sandbox) -> None:
    """The seeds named here are the sandbox's own."""
    assert {one["tenantId"] for one in sandbox.info["partners"]} == {CONTOSO_TENANT, FABRIKAM_TENANT}
