"""A `vetline serve` process with one partner's customer and one validation code."""

from pathlib import Path
from typing import Any

import httpx2

from tests.support.authority import OPERATOR, Authority
from tests.support.processes import CONTOSO, VetlineProcess

ADMINISTRATOR = {"roles": ["Vetline.Administrator", "Vetline.Reviewer"]}
CODE = "4711"


class Service(VetlineProcess):
    """A production service.

    Parameters:
        authority: whom it trusts.
        database: where its data is: an SQLite file, or the address of a database.
        settings: by their names in lower case.
        port: where it listens; 0 for a free port.
    """

    def __init__(self, authority: Authority, database: Path | str, settings: dict[str, str], port: int = 0) -> None:
        environment = {f"VETLINE_{name.upper()}": value for name, value in settings.items()}
        database_url = f"sqlite:///{database}" if isinstance(database, Path) else database
        arguments = ["serve", "--port", str(port), "--database-url", database_url]
        super().__init__(arguments, authority.settings | environment)
        self._authority = authority

    def call(self, method: str, path: str, tenant: str = CONTOSO, **more: Any) -> httpx2.Response:
        """Send a request as a user of a tenant; `claims` change its token."""
        headers = self._authority.bearer(tenant, **more.pop("claims", {})) | more.pop("headers", {})
        return self.http.request(method, path, headers=headers, **more)

    def bearer(self, tenant: str = CONTOSO, **claims: Any) -> dict[str, str]:
        """Return the header by which a user of a tenant calls."""
        return self._authority.bearer(tenant, **claims)

    def fresh_token(self, kind: str = "user", partner: str = CONTOSO) -> str:
        """Return an access token of a partner's ``user``, or of a ``reviewer``."""
        bearer = self.bearer(OPERATOR, **ADMINISTRATOR) if kind == "reviewer" else self.bearer(partner)
        return bearer["Authorization"].removeprefix("Bearer ")

    def customer(self, domain: str = "b.example") -> str:
        """Return the path of a new customer."""
        address = {"country": "US", "city": "Redmond", "state": "WA", "addressLine1": "1 St", "postalCode": "98052"}
        billing = {"email": "a@b.example", "culture": "en-US", "language": "en", "companyName": "City of Redmond"}
        body = {"companyProfile": {"domain": domain}, "billingProfile": billing | {"defaultAddress": address}}
        answer = self.call("POST", "/v1/customers", json=body).raise_for_status()
        return f"/v1/customers/{answer.json()['id']}"

    def issue_code(self, creates: int) -> None:
        """Give the partner a validation code."""
        path = f"/vetline/v1/admin/partners/{CONTOSO}/validations"
        body = {"validationId": CODE, "organizationName": "Contoso, Inc.", "maxCreates": creates}
        self.call("PUT", path, OPERATOR, claims=ADMINISTRATOR, json=body).raise_for_status()

    def remaining(self) -> int:
        """Return how many creations the code has left."""
        (code,) = self.call("GET", "/v1/customers/all/validations").json()
        return int(code["remainingCreates"])
