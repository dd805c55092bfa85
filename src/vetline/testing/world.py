"""A world as a test sees it: its people and customers as values, clients that are signed in, and all its controls."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import msgspec

from vetline.testing.control import Control
from vetline.testing.errors import SandboxError
from vetline.testing.people import Code, Customer, Info, Tenant
from vetline.testing.sight import Faults, Journal
from vetline.testing.signing_in import Asker, access_token
from vetline.testing.steering import Clock, Vetting, whom

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter
    from vetline.sdk.client import PartnerCenter


class World:
    """An isolated service: what happens in it, no other world sees.

    Parameters:
        control: its control routes.
        info: what the sandbox says of it.
    """

    def __init__(self, control: Control, info: Info) -> None:
        self.control = control
        self.id = info.id
        self.clock = Clock(control)
        self.vetting = Vetting(control)
        self.faults = Faults(control)
        self.journal = Journal(control)
        self._info = info
        self._clients: list[PartnerCenter] = []

    @property
    def base_url(self) -> str:
        """Where the service and its authority answer; the token tells which world is meant."""
        return self.control.base_url

    @property
    def partners(self) -> tuple[Tenant, ...]:
        """Its partners, who share nothing: Contoso first, then Fabrikam."""
        return self._info.partners

    @property
    def partner(self) -> Tenant:
        """The first partner, who is meant where none is named."""
        return self.partners[0]

    @property
    def tenant(self) -> str:
        """The first partner's tenant."""
        return self.partner.tenant_id

    @property
    def codes(self) -> tuple[Code, ...]:
        """The first partner's validation codes, as they were when the world was looked at."""
        return self.partner.validation_codes

    @property
    def review_desk(self) -> Tenant:
        """The tenant of the reviewers and administrators."""
        return self._info.review_desk

    @property
    def customers(self) -> tuple[Customer, ...]:
        """The customers of all partners, as they were when the world was looked at; at most 200 of each."""
        return self._info.customers

    def customer(self, named: str) -> Customer:
        """Return the customer of that id, domain or company name, in any case.

        Raises:
            SandboxError: there is none; the sentence names the domains there are.
        """
        for _ in range(2):
            for one in self.customers:
                if named.lower() in (one.id, one.domain.lower(), one.company_name.lower()):
                    return one
            self.look()  # it may have come since
        known = ", ".join(one.domain for one in self.customers)
        raise SandboxError(f"No customer of this world has the id, domain or name '{named}'. It has: {known}.")

    def look(self) -> None:
        """Look again who and what is there."""
        self._info = msgspec.convert(self.control.ask("GET", "/info"), Info)

    def token(self, *, user: str = "", app_only: bool = False, reviewer: bool = False, partner: str = "") -> str:
        """Return an access token, asked for anew; it lives an hour by the world's clock.

        Parameters:
            user: the beginning of a user's name, such as ``bob``, who has no MFA; empty for the first one with MFA.
            app_only: for the application alone, without a user.
            reviewer: for somebody of the review desk.
            partner: the beginning of the partner's name; empty for the first one.

        Raises:
            SandboxError: there is nobody of that name.
        """
        return self._asker(user, app_only, reviewer, partner)()

    def client(
        self, *, user: str = "", app_only: bool = False, reviewer: bool = False, partner: str = "", **settings: Any
    ) -> "PartnerCenter":
        """Return a client that is signed in; it is closed with the world.

        Parameters:
            user, app_only, reviewer, partner: as whom; see `token`.
            settings: further parameters of `PartnerCenter`.

        Raises:
            SandboxError: there is nobody of that name.
        """
        from vetline.sdk.client import PartnerCenter

        credential = self._asker(user, app_only, reviewer, partner)
        made = PartnerCenter(credential, base_url=self.base_url, **self._trusting(settings))
        self._clients.append(made)
        return made

    def async_client(
        self, *, user: str = "", app_only: bool = False, reviewer: bool = False, partner: str = "", **settings: Any
    ) -> "AsyncPartnerCenter":
        """Return a client for an event loop, signed in as `client` is; leave it with `async with`.

        Raises:
            SandboxError: there is nobody of that name.
        """
        from vetline.sdk.async_client import AsyncPartnerCenter

        credential = self._asker(user, app_only, reviewer, partner)
        return AsyncPartnerCenter(credential, base_url=self.base_url, **self._trusting(settings))

    def _asker(self, user: str, app_only: bool, reviewer: bool, partner: str) -> Asker:
        tenant = self.review_desk if reviewer else self._partner(partner)
        return access_token(self.control.below(""), tenant, user, app_only=app_only)

    def _partner(self, name: str) -> Tenant:
        for one in self.partners:
            if one.name.lower().startswith(name.lower()) or one.tenant_id == name.lower():
                return one
        known = ", ".join(one.name for one in self.partners)
        raise SandboxError(f"No partner's name begins with '{name}'. There are: {known}.")

    def _trusting(self, settings: dict[str, Any]) -> dict[str, Any]:
        return {"verify": self.control.trust, **settings} if self.control.trust else settings

    def decide(
        self,
        customer: Customer | str,
        status: str,
        reason: str = "",
        *,
        qualification: str = "Education",
        note: str = "",
    ) -> None:
        """Decide a case now, as a reviewer would.

        Parameters:
            customer: whose; its id, domain or name will do.
            status: ``Approved`` or ``Denied``.
            reason: why it is denied: one of the seven.

        Raises:
            SandboxError: there is no such case, or it cannot be decided so.
        """
        members = {"customerId": self._id(customer), "qualification": qualification, "note": note}
        self.control.ask("POST", "/decisions", members | _decision(status, reason))

    def decide_next(
        self,
        status: str,
        reason: str = "",
        *,
        customer: Customer | str = "",
        domain: str = "",
        partner: str = "",
        qualification: str = "",
    ) -> None:
        """Lay down how the next screening ends, whatever the data says.

        Parameters:
            status: ``Approved`` or ``Denied``.
            reason: why it is denied: one of the seven.
            customer, domain, partner, qualification: of whom and of what; of anybody where nothing is said.

        Raises:
            SandboxError: it cannot be decided so.
        """
        tenant = self._partner(partner).tenant_id if partner else ""
        meant = whom(domain, self._id(customer) if customer else "", tenant)
        named = {"qualification": qualification} if qualification else {}
        self.control.ask("POST", "/decisions/next", meant | named | _decision(status, reason))

    def _id(self, customer: Customer | str) -> str:
        return customer.id if isinstance(customer, Customer) else self.customer(customer).id

    def seed(
        self, customers: Iterable[Mapping[str, Any]] = (), validation_codes: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        """Add customers and validation codes; all of them or none. docs/sandbox.md shows their members.

        Raises:
            SandboxError: one cannot be used, or is there already.
        """
        self.control.ask("POST", "/seeds", {"customers": [*customers], "validationCodes": [*validation_codes]})
        self.look()

    def seed_file(self, file: Path) -> None:
        """Add what a .json file holds, or the customers of a .csv file; all or nothing.

        Raises:
            SandboxError: something in it cannot be used, or is there already.
            OSError: the file cannot be read.
        """
        kind = "text/csv" if file.suffix.lower() == ".csv" else "application/json"
        self.control.send("POST", "/seeds", file.read_bytes(), kind)
        self.look()

    def snapshot(self) -> bytes:
        """Return the whole world as a JSON document: its rows, its clock, its vetting."""
        return self.control.send("GET", "/snapshot", None, "")

    def restore(self, snapshot: bytes) -> None:
        """Make the world what a snapshot says, of this world or of another.

        Raises:
            SandboxError: it is none, or another release's.
        """
        self.control.send("PUT", "/snapshot", snapshot, "application/json")
        self.look()

    def reset(self) -> None:
        """Make it fresh again: the usual customers and codes, the machine's time, no cases."""
        self.control.ask("POST", "/reset")
        self.look()

    def scorecard(self, client: str = "") -> dict[str, Any]:
        """Return how well the clients that have called behave, item by item.

        Parameters:
            client: part of an application or a User-Agent; empty for all.
        """
        found: dict[str, Any] = self.control.ask("GET", f"/scorecard?{urlencode({'client': client})}")
        return found

    def close(self) -> None:
        """Close its clients, and end the world; the sandbox's first one stays."""
        while self._clients:
            self._clients.pop().close()
        if self.id:
            self.control.below("/sandbox/worlds").ask("DELETE", f"/{self.id}")
            self.id = ""

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *error: object) -> None:
        """End it."""
        self.close()

    def __repr__(self) -> str:
        """Return its id and where it is."""
        return f"World({self.id or 'the first'!r}, {self.base_url!r})"


def _decision(status: str, reason: str) -> dict[str, str]:
    return {"vettingStatus": status} | ({"vettingReason": reason} if reason else {})
