"""What happened at a service before somebody opens its pages, told through the interface for programs."""

import time
from typing import Any

from tests.support.partner import case_path, new_customer, qualifications
from tests.support.processes import CONTOSO, Sandbox, VetlineProcess

_CONTOSO = "11111111-c0c0-4000-8000-00000000000"
OXFORD, HARVARD, TAILSPIN, IMPORTERS, REDMOND, ART_SCHOOL = (f"{_CONTOSO}{number}" for number in range(1, 7))
PATIENCE_SECONDS = 60.0


class Story:
    """Tells what happened.

    Parameters:
        sandbox: whose people and tokens count.
        service: where it happened; `None` for the sandbox itself.
    """

    def __init__(self, sandbox: Sandbox, service: VetlineProcess | None = None) -> None:
        self._sandbox = sandbox
        self._http = (service or sandbox).http
        self._told = 0
        self._tokens: dict[tuple[str, str], str] = {}

    def customer(self, name: str, country: str = "US", partner: str = CONTOSO) -> str:
        """Add a customer of whom no data says anything, and return its id."""
        self._told += 1
        body = new_customer(self._told, f"customer{self._told}.onmicrosoft.com", name)
        body["BillingProfile"]["DefaultAddress"]["Country"] = country
        return str(self._call("POST", "/v1/customers", body, partner=partner)["id"])

    def asks(self, customer: str, website: str, partner: str = CONTOSO) -> None:
        """Ask for Education, and let the data be looked at."""
        body = {"qualification": "Education", "educationSegment": "HigherEducation", "website": website}
        self._call("POST", qualifications(customer), body, partner=partner)
        self._until_looked_at(customer, partner)

    def waits(self, name: str, website: str = "", country: str = "US", partner: str = CONTOSO) -> str:
        """Have a customer's request wait for a person, and return the customer's id."""
        customer = self.customer(name, country, partner)
        self.asks(customer, website or f"www.unlisted-school-{self._told}.org", partner)
        return customer

    def denied(self, customer: str, times: int = 1) -> None:
        """Have a person deny a customer's requests, one after the other."""
        for _ in range(times):
            self.asks(customer, "www.unlisted-school.org")
            self.decides(customer, {"reason": "Not an Education Customer"}, "deny")

    def decides(self, customer: str, decision: dict[str, str], verb: str, partner: str = CONTOSO) -> None:
        """Have a reviewer decide a case by program, at once."""
        self._call("POST", f"{case_path(customer, partner=partner)}/{verb}", decision, kind="reviewer")

    def code(self, code: str, left: int, partner: str = CONTOSO) -> None:
        """Issue a validation code, or change how much is left of it."""
        body = {"validationId": code, "organizationName": "Contoso, Inc.", "maxCreates": 5, "remainingCreates": left}
        self._call("PUT", f"/vetline/v1/admin/partners/{partner}/validations", body, kind="administrator")

    def time_goes_by(self, seconds: float) -> None:
        """Move a sandbox's clock, and do what became due."""
        self._tokens.clear()  # the old ones may be over by then
        self._sandbox.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()

    def history(self, customer: str, qualification: str = "Education", partner: str = CONTOSO) -> list[dict[str, Any]]:
        """Return what the audit log knows of a case; nothing when there is none."""
        answer = self._answer("GET", case_path(customer, qualification, partner), None, "reviewer", partner)
        found: list[dict[str, Any]] = [] if answer.status_code == 404 else answer.raise_for_status().json()["history"]
        return found

    def steps(self, customer: str, qualification: str = "Education") -> list[str]:
        """Return what happened to a case, a word for each step."""
        return [str(event["step"]) for event in self.history(customer, qualification)]

    def until(self, customer: str, step: str) -> None:
        """Return when that is the last thing that happened to a case."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.steps(customer)[-1] != step:
            assert time.monotonic() < deadline, f"{step} does not come"

    def _until_looked_at(self, customer: str, partner: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.history(customer, partner=partner)[-1]["step"] == "submit":
            assert time.monotonic() < deadline, "nothing looks at the data"

    def _call(self, method: str, path: str, body: Any, kind: str = "user", partner: str = CONTOSO) -> Any:
        answer = self._answer(method, path, body, kind, partner).raise_for_status()
        return answer.json() if answer.content else None

    def _answer(self, method: str, path: str, body: Any, kind: str, partner: str) -> Any:
        token = self._tokens.get((kind, partner)) or self._sandbox.fresh_token(kind, partner)
        self._tokens[kind, partner] = token
        headers = {"Authorization": f"Bearer {token}"}
        return self._http.request(method, path, json=body, headers=headers)
