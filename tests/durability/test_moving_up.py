"""An installation moves from SQLite to PostgreSQL: whoever reads it cannot tell, and a retry meets its first answer."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from tests.support.partner import EDUCATION, case_path, government, new_customer, qualifications
from tests.support.postgres import PostgresServer
from tests.support.processes import CONTOSO, Sandbox

FABRIKAM = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
DOMAINS = ("ox.ac.uk", "gmail.com", "", "mit.edu", "", "schule.example")
OF_A_CUSTOMER = ("/qualifications", "/qualification", "/validations", "/profiles/company", "/profiles/billing")
HOUR = 3600
# Of an answer only what belongs to it and not to the request or the moment.
HEADERS = ("content-type", "etag", "location")


class Sent(NamedTuple):
    """A request that was answered, to be sent again."""

    partner: str
    path: str
    body: Any
    request_id: str


class Told(NamedTuple):
    """An answer, as far as it has to stay the same."""

    status: int
    body: bytes
    headers: tuple[str, ...]


def told(answer: httpx2.Response) -> Told:
    """Return what has to stay the same of an answer."""
    return Told(answer.status_code, answer.content, tuple(answer.headers.get(name, "") for name in HEADERS))


class Life:
    """What partners and reviewers do with an installation, and what they can see of it.

    Parameters:
        sandbox: where it is served now.
        sent: what was asked so far.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.sent: list[Sent] = []
        self.customers: list[tuple[str, str]] = []

    def lived(self) -> None:
        """Create customers of both partners, ask in every way, review, ask again, change a profile, use a code."""
        for partner in (CONTOSO, FABRIKAM):
            for number, domain in enumerate(DOMAINS):
                self.add_customer(partner, number, domain)
        self._post(*self.customers[0], {"qualification": "StateOwnedEntity"})
        for who in (self.customers[-1], self.customers[-2]):
            self._post(*who, {"qualification": "StateOwnedEntity"})
        self._review()
        self._rename(*self.customers[4])

    def add_customer(self, partner: str, number: int, domain: str) -> None:
        """Create a customer and ask for a qualification, GCC for the sixth of each partner."""
        body = new_customer(number, f"{number}.{domain}" if domain == "schule.example" else domain)
        body["BillingProfile"]["CompanyName"] = f"Škola №{number} «数»"
        customer = self._sent(partner, "/v1/customers", body).json()["id"]
        self.customers.append((partner, customer))
        code = government("12345" if partner == CONTOSO else "none of theirs")
        self._post(partner, customer, code if number == 5 else EDUCATION)

    def _post(self, partner: str, customer: str, body: Any) -> None:
        self._sent(partner, qualifications(customer), body)

    def _sent(self, partner: str, path: str, body: Any) -> httpx2.Response:
        self.sent.append(Sent(partner, path, body, f"5f6a1d0e-0000-4000-8000-{len(self.sent):012x}"))
        return self.again(self.sent[-1])

    def again(self, sent: Sent) -> httpx2.Response:
        """Send a request, for the first time or once more."""
        headers = {"MS-RequestId": sent.request_id}
        return self.sandbox.call("POST", sent.path, partner=sent.partner, json=sent.body, headers=headers)

    def _review(self) -> None:
        """Deny one and let it ask again, approve another, and leave the rest waiting."""
        waiting = self.read("/vetline/v1/review/queue", "reviewer").json()["items"]
        assert len(waiting) > 3
        first, second = (case_path(one["customerId"], partner=one["partnerId"]) for one in waiting[:2])
        reason = {"reason": "Not an eligible Library", "note": "Нет"}
        self.sandbox.call("POST", f"{first}/deny", "reviewer", json=reason).raise_for_status()
        self.sandbox.call("POST", f"{second}/approve", "reviewer", json={}).raise_for_status()
        self._post(waiting[0]["partnerId"], waiting[0]["customerId"], EDUCATION)

    def _rename(self, partner: str, customer: str) -> None:
        path = f"/v1/customers/{customer}/profiles/billing"
        profile = self.sandbox.call("GET", path, partner=partner).json() | {"companyName": "Renamed Ünï"}
        answer = self.sandbox.call("PUT", path, partner=partner, json=profile)
        assert answer.status_code == 200, answer.text

    def read(self, path: str, kind: str = "user", partner: str = CONTOSO) -> httpx2.Response:
        """Return the answer to a GET."""
        return self.sandbox.call("GET", path, kind, partner)

    def seen(self) -> dict[str, Told]:
        """Return everything that anybody can read."""
        found = {}
        for partner in (CONTOSO, FABRIKAM):
            for path in ("/v1/customers?size=500", "/v1/customers/all/validations"):
                found[partner + path] = told(self.read(path, partner=partner))
        for partner, customer in self.customers:
            one = f"/v1/customers/{customer}"
            for rest in ("", *OF_A_CUSTOMER):
                found[one + rest] = told(self.read(one + rest, partner=partner))
            for programme in ("Education", "GovernmentCommunityCloud", "StateOwnedEntity"):
                path = case_path(customer, programme, partner)
                found[path] = told(self.read(path, "reviewer"))
        found["queue"] = told(self.read("/vetline/v1/review/queue", "reviewer"))
        return found


def moved(data: Path, url: str) -> None:
    """Copy, as an operator does."""
    command = [sys.executable, "-m", "vetline", "copy", "--from", f"sqlite:///{data / 'vetline.db'}", "--to", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "differ" not in done.stdout
    (data / "vetline.db").rename(data / "moved.db")


def test_nobody_can_tell(tmp_path: Path, postgres: PostgresServer) -> None:
    """Every read is answered byte for byte as before, and every request that is sent again gets its first answer."""
    data, url = tmp_path / "data", postgres.fresh()
    with Sandbox("--data", str(data)) as sandbox:
        life = Life(sandbox)
        life.lived()
        _settled(sandbox)
        before = life.seen()
        answers = [told(life.again(sent)) for sent in life.sent]
        assert sandbox.stop() == 0
    moved(data, url)
    with Sandbox("--data", str(data), "--database-url", url) as sandbox:
        life.sandbox = sandbox
        assert life.seen() == before
        assert [told(life.again(sent)) for sent in life.sent] == answers
        assert life.seen() == before
        assert {answer.status for answer in answers} >= {201, 400}
        assert {answer.status for answer in before.values()} == {200, 404}
        _goes_on(life)


def _settled(sandbox: Sandbox) -> None:
    """Wait for the screening, which decides at once."""
    path = "/metrics"
    while 'vetline_cases_waiting{for="screening"} 0' not in (text := sandbox.http.get(path).text):
        assert "screening" in text, text


def _goes_on(life: Life) -> None:
    """The code has one creation less, its eTag is another, and a new customer is on the list."""
    before = life.read("/v1/customers/all/validations").json()
    life.add_customer(CONTOSO, 5, "schule.example")
    after = life.read("/v1/customers/all/validations").json()
    left = [
        [code["remainingCreates"] for code in codes if code["validationId"] == "12345"] for codes in (before, after)
    ]
    assert left == [[3], [2]]
    assert before != after


async def test_what_is_due_later_is_decided_by_the_new_installation(tmp_path: Path, postgres: PostgresServer) -> None:
    """A case that waits for its hour waits for the same hour."""
    data, url = tmp_path / "data", postgres.fresh()
    with Sandbox("--data", str(data), "--vetting", f"after:{HOUR}") as sandbox:
        life = Life(sandbox)
        life.add_customer(CONTOSO, 0, "ox.ac.uk")
        path = qualifications(life.customers[0][1])
        assert life.read(path).json()[0]["vettingStatus"] == "InReview"
        assert sandbox.stop() == 0
    await asyncio.to_thread(moved, data, url)
    with Sandbox("--data", str(data), "--database-url", url, "--vetting", f"after:{HOUR}") as sandbox:
        life.sandbox = sandbox
        assert life.read(path).json()[0]["vettingStatus"] == "InReview"
        sandbox.http.post("/sandbox/clock", json={"advanceSeconds": HOUR}).raise_for_status()
        waited = sandbox.call("GET", path, headers={"Prefer": "wait=10"})
        assert waited.json()[0]["vettingStatus"] == "Approved"
