"""A world of a running sandbox, as a client sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.support.processes import Sandbox, Talking


class World(Talking):
    """A world.

    Parameters:
        http: speaks with its sandbox.
        made: what the sandbox answered when it was made.
    """

    def __init__(self, http: httpx2.Client, made: dict[str, Any]) -> None:
        super().__init__()
        self.http = http
        self.made = made
        self.contoso, self.fabrikam = (str(partner["tenantId"]) for partner in made["partners"])

    @property
    def info(self) -> dict[str, Any]:
        """What it was when it was made; people and applications stay."""
        return self.made

    def control(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Use a control route, given without `/sandbox`."""
        return self.http.request(method, f"{self.made['endpoints']['control']}{path}", **more)

    def partner(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Call as Contoso's user of this world."""
        return self.call(method, path, partner=self.contoso, **more)

    def customer(self, domain: str) -> str:
        """Return the path of the customer with a domain."""
        found = next(one["id"] for one in self.control("GET", "/info").json()["customers"] if one["domain"] == domain)
        return f"/v1/customers/{found}/qualifications"

    def standing(self, path: str) -> list[dict[str, Any]]:
        """Return how a customer stands."""
        found: list[dict[str, Any]] = self.partner("GET", path).raise_for_status().json()
        return found


@contextmanager
def world(sandbox: Sandbox, **wanted: Any) -> Iterator[World]:
    """Yield a new world, and end it afterwards."""
    made = sandbox.http.post("/sandbox/worlds", json=wanted).raise_for_status().json()
    yield World(sandbox.http, made)
    sandbox.http.delete(f"/sandbox/worlds/{made['id']}").raise_for_status()
