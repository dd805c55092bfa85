"""What only settings of the production service show: the limit, the live contract, reviewed GCC, no sandbox surface."""

import uuid

import httpx2

from tests.api.conftest import Serve
from tests.api.service import ADMINISTRATOR, CODE, Service
from tests.contract.laws import broken_laws
from tests.support.authority import OPERATOR
from tests.support.processes import CONTOSO
from tests.support.sending import Sent, send

FABRIKAM = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
QUEUE = "/vetline/v1/review/queue"
GCC = {"qualification": "GovernmentCommunityCloud", "validationCode": CODE}


def test_the_limit_is_the_gateways(serve: Serve) -> None:
    """Beyond the limit every answer is the gateway's 429, which the .NET client reads; other partners go on."""
    service = serve(requests_per_minute="5")
    # Twelve requests meet at most two windows of five.
    answers = [service.call("GET", "/v1/customers") for _ in range(12)]
    throttled = [answer for answer in answers if answer.status_code == 429]
    assert 2 <= len(throttled) <= 7
    for answer in throttled:
        wait = int(answer.headers["retry-after"])
        assert 1 <= wait <= 60
        message = f"Rate limit is exceeded. Try again in {wait} seconds."
        assert answer.json() == {"statusCode": 429, "message": message}
    assert service.call("GET", "/v1/customers", FABRIKAM).status_code == 200


def test_a_throttled_answer_obeys_the_laws(serve: Serve) -> None:
    """A 429 carries the identifiers like every answer, also to a request that would be refused anyway."""
    service = serve(requests_per_minute="1")
    token = {"Authorization": service.call("GET", "/v1/customers").request.headers["authorization"]}
    sent = Sent("POST", "/v1/customers", token | {"MS-RequestId": str(uuid.uuid4())}, b"{}")
    found = [send(service.http, sent) for _ in range(4)]
    throttled = [answer for answer in found if answer.status == 429]
    assert throttled
    assert [broken for answer in throttled for broken in broken_laws(sent, answer)] == []


def test_refused_requests_count_too(serve: Serve) -> None:
    """A client that repeats a request that it may not make is limited like any other."""
    service = serve(requests_per_minute="3")
    path = "/v1/customers/11111111-c0c0-4000-8000-000000000001/qualifications"
    alone = {"scp": None, "upn": None, "amr": None}
    statuses = [service.call("POST", path, claims=alone, json=1).status_code for _ in range(10)]
    assert {403, 429} == set(statuses)


def test_the_live_contract_demands_a_segment(serve: Serve) -> None:
    """Since 17 May 2023 the real service refuses Education without a segment."""
    service = serve(contract="live")
    path = service.customer() + "/qualifications"
    for body in ({"Qualification": "Education"}, {"qualification": "Education", "website": "a.b"}):
        refused = service.call("POST", path, json=body)
        assert (refused.status_code, refused.json()["errorName"]) == (400, "EducationSegmentRequired")
    accepted = service.call("POST", path, json={"qualification": "Education", "educationSegment": "K12"})
    assert accepted.status_code == 201


def test_the_live_contract_is_that_of_the_sandbox(serve: Serve) -> None:
    """One table: request forms, dates, error shapes and what is retired, and the review desk as ever."""
    service = serve(contract="live")
    customer = service.customer()
    refused = service.call("POST", f"{customer}/qualifications", json=1)
    assert (refused.status_code, refused.json()["code"]) == (400, 800002)
    asked = {"qualification": "Education", "educationSegment": "K12"}
    service.call("POST", f"{customer}/qualifications", json=asked)
    (found,) = service.call("GET", f"{customer}/qualifications").json()
    assert found.keys() == {"qualification", "vettingStatus", "vettingCreatedDate"}
    assert service.call("GET", f"{customer}/qualification").status_code == 404
    assert service.call("GET", QUEUE).json()["code"] == "900308"


def test_reviewed_government_waits_for_a_person(serve: Serve) -> None:
    """The setting sends a GCC request with a valid code to a person; the creation is used up at once."""
    service = serve(government_reviewed="true")
    service.issue_code(1)
    path = service.customer() + "/qualifications"
    assert service.call("POST", path, json=GCC).json()["vettingStatus"] == "InReview"
    assert service.remaining() == 0
    again = service.call("POST", service.customer() + "/qualifications", json=GCC)
    assert again.json()["errorName"] == "ValidationCodeExhausted"


def test_government_needs_a_directory_role(serve: Serve) -> None:
    """GCC asks for one of four directory roles; the other qualifications do not. A setting lifts it."""
    service = serve()
    service.issue_code(2)
    path = service.customer() + "/qualifications"
    refused = service.call("POST", path, claims={"wids": None}, json=GCC)
    assert (refused.status_code, refused.json()["code"]) == (403, "900308")
    assert service.call("POST", path, claims={"wids": None}, json={"qualification": "StateOwnedEntity"}).is_success
    assert service.call("POST", path, json=GCC).is_success
    free = serve(government_role_needed="false")
    assert free.call("POST", free.customer() + "/qualifications", claims={"wids": None}, json=GCC).is_success


def test_denial_needs_a_second_person(serve: Serve) -> None:
    """With four eyes on denials the case stays in review until another reviewer sends the same decision."""
    service = serve(four_eyes="denials")
    customer = service.customer()
    assert service.call("PUT", f"{customer}/qualification", json="education").json() == "none"
    (case,) = service.call("GET", QUEUE, OPERATOR, claims=ADMINISTRATOR).json()["items"]
    path, uri = f"{customer}/qualifications", case["uri"]
    denial = {"reason": "Not an eligible Museum", "note": "Closed in 2019."}
    first = _review(service, "rae", f"{uri}/deny", denial).json()
    assert (first["stage"], first["proposal"]["outcome"], first["proposal"]["reason"]) == (
        "reviewing",
        "deny",
        denial["reason"],
    )
    assert first["proposal"]["actor"] == first["history"][-1]["actor"] == "reviewer:rae"
    assert service.call("GET", path).json()[0]["vettingStatus"] == "InReview"
    assert _review(service, "rae", f"{uri}/deny", denial).json()["errorName"] == "SecondPersonNeeded"
    assert _review(service, "sol", f"{uri}/approve", {}).json()["errorName"] == "ProposalDiffers"
    second = _review(service, "sol", f"{uri}/deny", denial).json()
    assert (second["stage"], second["history"][-1]["secondedBy"]) == ("denied", "reviewer:sol")
    assert "proposal" not in second
    assert service.call("GET", path).json()[0]["vettingReason"] == denial["reason"]


def _review(service: Service, who: str, path: str, body: dict[str, str]) -> httpx2.Response:
    return service.call("POST", path, OPERATOR, claims=ADMINISTRATOR | {"oid": who}, json=body)


def test_nothing_of_the_sandbox_is_there(serve: Serve) -> None:
    """No control surface, no issuer, no deletion."""
    service = serve()
    for method, path in (
        ("GET", "/sandbox/info"),
        ("POST", "/sandbox/reset"),
        ("POST", "/sandbox/faults"),
        ("PUT", "/sandbox/limits"),
        ("POST", f"/{CONTOSO}/oauth2/token"),
    ):
        answer = service.http.request(method, path)
        assert (answer.status_code, answer.json()["errorName"]) == (404, "NotFound")
    refused = service.call("DELETE", service.customer())
    assert (refused.status_code, refused.json()["code"]) == (400, "900127")


def test_a_partner_cannot_make_reviewers(serve: Serve) -> None:
    """Roles of the review desk count from the operator's tenant alone."""
    answer = serve().call("GET", "/vetline/v1/review/queue", claims=ADMINISTRATOR)
    assert (answer.status_code, answer.json()["code"]) == (403, "900308")


def test_reviewers_need_not_be_partners(serve: Serve) -> None:
    """Where the partners are named, the operator's own tenant is not among them; a stranger's is still refused."""
    service = serve(tenants=CONTOSO)
    assert service.call("GET", QUEUE, OPERATOR, claims=ADMINISTRATOR).status_code == 200
    assert service.call("GET", "/v1/customers", CONTOSO).status_code == 200
    assert service.call("GET", "/v1/customers", FABRIKAM).status_code == 401
