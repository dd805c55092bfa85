"""The main job, over HTTP, from a partner's POST to the decision read back."""

from tests.support.processes import Sandbox

OXFORD = "11111111-c0c0-4000-8000-000000000001"
UNKNOWN = "11111111-c0c0-4000-8000-000000000006"
PARTNER = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"


def test_data_decides_a_listed_university(sandbox: Sandbox) -> None:
    """A submission is InReview first and ends Approved without anybody's help."""
    path = f"/v1/customers/{OXFORD}/qualifications"
    created = sandbox.call("POST", path, json={"qualification": "Education", "educationSegment": "HigherEducation"})
    assert (created.status_code, created.json()["vettingStatus"]) == (201, "InReview")
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0})
    assert sandbox.call("GET", path).json() == [{"qualification": "Education", "vettingStatus": "Approved"}]


def test_a_person_decides_what_data_cannot(sandbox: Sandbox) -> None:
    """An unlisted school waits for a reviewer, whose denial the partner reads with its reason."""
    path = f"/v1/customers/{UNKNOWN}/qualifications"
    sandbox.call("POST", path, json={"qualification": "Education", "educationSegment": "K12"})
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0})
    (waiting,) = sandbox.call("GET", "/vetline/v1/review/queue", "reviewer").json()["items"]
    assert waiting["companyName"] == "School of Fine Art"
    decision = {"reason": "Not an Education Customer", "note": "No accreditation found."}
    denied = sandbox.call("POST", waiting["uri"] + "/deny", "reviewer", json=decision)
    assert denied.json()["stage"] == "denied"
    (read,) = sandbox.call("GET", path).json()
    assert (read["vettingStatus"], read["vettingReason"]) == ("Denied", "Not an Education Customer")
