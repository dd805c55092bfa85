"""Clients as people write them: a good one, and bad ones that differ from it in one thing each."""

import time
import uuid
from typing import Any

import httpx2

from .scenario import CREATE, HOUR, LISTED, LOOKS, OPEN, OTHER, REFUSED, FaultySandbox

PATIENCE = 5


class Program:
    """A good client. What a bad one does otherwise is a method of its own.

    Parameters:
        sandbox: what it calls.
    """

    kind = "user"

    def __init__(self, sandbox: FaultySandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx2.Client(base_url=sandbox.base, headers={"User-Agent": type(self).__name__}, timeout=30)
        self.token = sandbox.fresh_token(self.kind)

    def work(self) -> None:
        """Meet everything that there is an item for."""
        sandbox = self.sandbox
        self.call("GET", LISTED)
        sandbox.strike("unavailable", CREATE, retryAfterForm="none")
        self.ask_for(OPEN, "Education")
        sandbox.strike("throttled", CREATE, retryAfterSeconds=2)
        self.ask_for(OTHER, "Education")
        self.ask_for(REFUSED, "None")
        sandbox.strike("half", f"GET {LISTED}")
        self.call("GET", LISTED)
        self.watch()
        sandbox.pass_time(HOUR)
        self.call("GET", LISTED)
        self.call("GET", LISTED)

    def ask_for(self, customer: str, qualification: str) -> httpx2.Response | None:
        """Ask for a qualification."""
        return self.call("POST", f"{LISTED}/{customer}/qualifications", {"qualification": qualification})

    def watch(self) -> None:
        """Look at a customer until there is a decision, which never comes."""
        for number in range(LOOKS):
            if number == 2:
                self.sandbox.probe()
            answer = self.call("GET", f"{LISTED}/{OPEN}/qualifications")
            assert answer is not None
            for element in answer.json():
                self.read(element)
            self.rest_between_looks()

    def call(self, method: str, path: str, body: Any = None) -> httpx2.Response | None:
        """Carry an operation out, with as many attempts as it takes."""
        request_id, correlation_id = self.request_id(), self.correlation_id()
        for _ in range(PATIENCE):
            headers = {
                "Authorization": f"Bearer {self.token}",
                "MS-RequestId": request_id,
                "MS-CorrelationId": correlation_id,
                "ValidateMfa": "true",
            }
            try:
                answer = self.http.request(method, path, json=body, headers=headers)
            except httpx2.TransportError:
                self.rest(1)
                continue
            if answer.status_code == 401:
                self.refused()
            elif answer.status_code == 429:
                self.told_to_wait(float(answer.headers["retry-after"]))
            elif answer.status_code >= 500:
                self.rest(1)
            elif answer.status_code < 400 or self.is_content_with(answer):
                return answer
            request_id = self.request_id_of_a_retry(request_id)
        return None

    def request_id(self) -> str:
        """Return an operation's MS-RequestId."""
        return str(uuid.uuid4())

    def request_id_of_a_retry(self, first: str) -> str:
        """Return that of its next attempt."""
        return first

    def correlation_id(self) -> str:
        """Return an operation's MS-CorrelationId."""
        return str(uuid.uuid4())

    def told_to_wait(self, seconds: float) -> None:
        """Wait."""
        self.rest(seconds)

    def rest(self, seconds: float) -> None:
        """Let time pass."""
        self.sandbox.pass_time(seconds)

    def rest_between_looks(self) -> None:
        """Let time pass."""
        self.rest(60)

    def refused(self) -> None:
        """Get another token."""
        self.token = self.sandbox.fresh_token(self.kind)

    def is_content_with(self, refusal: httpx2.Response) -> bool:
        """Return whether a refusal is the end."""
        return True

    def read(self, element: dict[str, Any]) -> str:
        """Return the status."""
        return str(element.get("vettingStatus"))


class IgnoresRetryAfter(Program):
    """Tries again after half a second, whatever it is told."""

    def told_to_wait(self, seconds: float) -> None:
        """Do not wait for long."""
        self.rest(0.5)


class TriesAgainAtOnce(Program):
    """Has no pause before its next attempt, as the Java client has none."""

    def rest(self, seconds: float) -> None:
        """Wait when told to, and between looks; else not."""
        if seconds > 1:
            super().rest(seconds)


class AsksAgainWhatWasRefused(Program):
    """Takes each refusal for something that may pass."""

    def is_content_with(self, refusal: httpx2.Response) -> bool:
        """Try again."""
        return False


class RetriesUnderAnotherId(Program):
    """Makes an MS-RequestId for each attempt."""

    def request_id_of_a_retry(self, first: str) -> str:
        """Return a fresh one."""
        return self.request_id()


class SharesItsRequestId(Program):
    """Makes one MS-RequestId when it starts."""

    def request_id(self) -> str:
        """Return always the same."""
        return "8a4b1f1e-1c9c-4c39-9f0c-6b1de5a4f001"


class SharesItsCorrelationId(Program):
    """Makes one MS-CorrelationId when it starts."""

    def correlation_id(self) -> str:
        """Return always the same."""
        return "8a4b1f1e-1c9c-4c39-9f0c-6b1de5a4f002"


class LooksWithoutEnd(Program):
    """Looks again and again without a pause."""

    def rest_between_looks(self) -> None:
        """Go on at once."""


class KnowsThreeStatuses(Program):
    """Has a closed enum of statuses."""

    def read(self, element: dict[str, Any]) -> str:
        """Return the status, or die."""
        return {"InReview": "waiting", "Approved": "yes", "Denied": "no"}[element["vettingStatus"]]


class KnowsFourMembers(Program):
    """Reads into a class that knows the members of the samples, and no other."""

    def read(self, element: dict[str, Any]) -> str:
        """Return the status, or die."""
        known = {"qualification", "vettingStatus", "vettingReason", "vettingCreateDate", "vettingCreatedDate"}
        assert set(element) <= known, "unknown member"
        return super().read(element)


class KnowsOneDate(Program):
    """Reads the date by the name that the .NET client has."""

    def read(self, element: dict[str, Any]) -> str:
        """Return the status, or die."""
        assert element["vettingCreateDate"]
        return super().read(element)


class TakesUnknownForDecided(Program):
    """Stops looking as soon as a status is another than InReview."""

    def read(self, element: dict[str, Any]) -> str:
        """Return the status, or be done."""
        if element["vettingStatus"] != "InReview":
            raise KeyError("decided")
        return super().read(element)


class GoesOnWithItsToken(Program):
    """Never gets another token."""

    def refused(self) -> None:
        """Hope for the best."""
        time.sleep(0)


BAD: dict[type[Program], str] = {
    IgnoresRetryAfter: "retry-after",
    TriesAgainAtOnce: "backs-off",
    AsksAgainWhatWasRefused: "refusals-accepted",
    RetriesUnderAnotherId: "request-id-kept",
    SharesItsRequestId: "request-id-renewed",
    SharesItsCorrelationId: "correlation-id-renewed",
    LooksWithoutEnd: "polls-gently",
    KnowsThreeStatuses: "unknown-status",
    TakesUnknownForDecided: "unknown-status",
    KnowsFourMembers: "unknown-member",
    KnowsOneDate: "date-names",
    GoesOnWithItsToken: "tokens-renewed",
}
