"""What a partner sends, for the tests that send it thousands of times."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpx2

from tests.support.processes import CONTOSO, Sandbox

EDUCATION = {"qualification": "Education", "educationSegment": "HigherEducation"}


def government(code: str = "987654") -> dict[str, str]:
    """Return the body of a GCC submission."""
    return {"qualification": "GovernmentCommunityCloud", "validationCode": code}


def new_customer(number: int, domain: str = "") -> dict[str, Any]:
    """Return the body that creates a customer; without a domain its case needs a person."""
    address = {"Country": "US", "City": "Redmond", "State": "WA", "AddressLine1": "1 Way", "PostalCode": "98052"}
    name = f"Company {number}"
    billing = {"Culture": "en-US", "Language": "en", "Email": "a@b.example", "CompanyName": name}
    return {
        "CompanyProfile": {"Domain": domain or f"company{number}.onmicrosoft.com"},
        "BillingProfile": billing | {"DefaultAddress": address},
    }


class Servable(Protocol):
    """A running service that has tokens for its callers."""

    base: str

    def fresh_token(self, kind: str = ..., partner: str = ...) -> str:
        """Return an access token asked for anew."""
        ...


class Client:
    """Many requests at once over real connections, as one caller.

    Parameters:
        service: whom to call.
        kind, partner: as whom; see `Sandbox.token`.
    """

    def __init__(self, service: Servable, kind: str = "user", partner: str = CONTOSO) -> None:
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        headers = {"Authorization": f"Bearer {service.fresh_token(kind, partner)}"}
        self.http = httpx2.AsyncClient(base_url=service.base, headers=headers, timeout=30, limits=limits)

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.http.aclose()

    async def send(self, method: str, path: str, body: Any = None, request_id: str = "") -> httpx2.Response:
        """Send one request, under an MS-RequestId of its own unless one is given."""
        headers = {"MS-RequestId": request_id or str(uuid.uuid4())}
        return await self.http.request(method, path, headers=headers, json=body)

    async def ask(self, customer: str, body: Any = None, request_id: str = "") -> httpx2.Response:
        """Ask for a qualification, Education unless another is given."""
        return await self.send("POST", qualifications(customer), body or EDUCATION, request_id)

    async def standing(self, customer: str) -> list[dict[str, str]]:
        """Read how a customer stands."""
        answer = await self.http.get(qualifications(customer))
        found: list[dict[str, str]] = answer.raise_for_status().json()
        return found

    async def create(self, count: int, domain: str = "") -> list[str]:
        """Create customers and return their ids."""
        answers = await at_once(count, lambda n: self.send("POST", "/v1/customers", new_customer(n, domain)))
        return [answer.raise_for_status().json()["id"] for answer in answers]


async def at_once(count: int, send: Callable[[int], Awaitable[httpx2.Response]]) -> list[httpx2.Response]:
    """Send so many requests in parallel and return their answers."""
    return list(await asyncio.gather(*(send(number) for number in range(count))))


def qualifications(customer: str) -> str:
    """Return the path of a customer's qualifications."""
    return f"/v1/customers/{customer}/qualifications"


def case_path(customer: str, qualification: str = "Education", partner: str = CONTOSO) -> str:
    """Return the path of a case on the review desk."""
    return f"/vetline/v1/review/cases/{partner}/{customer}/{qualification}"


def submissions(sandbox: Sandbox, customer: str, qualification: str = "Education") -> int:
    """Return how many submissions the audit log of a case knows."""
    answer = sandbox.call("GET", case_path(customer, qualification), "reviewer")
    if answer.status_code == 404:
        return 0
    steps = [event["step"] for event in answer.raise_for_status().json()["history"]]
    return sum(1 for step in steps if step in ("submit", "redeem", "hold"))
