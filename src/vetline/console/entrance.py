"""The way in: who may come, by which issuer, and what their browsers keep. Made once, from what an operator has set."""

from dataclasses import dataclass, field

import httpx2

from vetline.clock import Clock
from vetline.console.pending import PendingKeeper
from vetline.console.person import Person
from vetline.console.session import SessionKeeper
from vetline.desk.sessions import SessionDesk
from vetline.identity.caller import ADMINISTRATOR, DIRECTORY_ROLES, REVIEWER
from vetline.identity.discovery import Discovery
from vetline.identity.relying_party import RelyingParty
from vetline.identity.signing_in import Registration, SignedIn

# What the pages ask for. Other roles would only make the cookie longer, and there is no end to their number.
_ROLES = frozenset({REVIEWER, ADMINISTRATOR, *DIRECTORY_ROLES.values()})


@dataclass(frozen=True, slots=True)
class EntranceChoices:
    """What an operator, or a sandbox, chooses.

    Parameters:
        url: the pages' public address without a path, such as ``https://vetline.example``.
        authority: the issuer's address.
        client_id, client_secret: the registration there; the secret is empty for a public client.
        secret: what all processes share, at least 32 characters.
        partners: the partners' tenants; empty: every tenant but the operators'.
        operators: the tenants whose reviewers and administrators count.
    """

    url: str
    authority: str
    client_id: str
    client_secret: str = field(repr=False)
    secret: str = field(repr=False)
    partners: frozenset[str]
    operators: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entrance:
    """Everything that a sign-in needs.

    Parameters:
        url: the pages' public address.
        sessions, pending: what browsers keep.
        party: speaks with the issuer.
        partners, operators: see `EntranceChoices`.
    """

    url: str
    sessions: SessionKeeper
    pending: PendingKeeper
    party: RelyingParty
    partners: frozenset[str]
    operators: frozenset[str]

    def admit(self, found: SignedIn) -> Person | None:
        """Return the person who signed in; `None` when it is nobody whom the pages serve."""
        person = Person(found.tenant, found.user, found.name, found.roles & _ROLES)
        return person if not person.is_partner or self._has_partner(found.tenant) else None

    async def aclose(self) -> None:
        """Close the connections to the issuer."""
        await self.party.aclose()

    def _has_partner(self, tenant: str) -> bool:
        return tenant in self.partners if self.partners else tenant not in self.operators


def entrance(choices: EntranceChoices, desk: SessionDesk, clock: Clock, client: httpx2.AsyncClient) -> Entrance:
    """Return the way in.

    Parameters:
        choices: what was chosen.
        desk: where ended sessions are remembered.
        clock: the machine's own.
        client: asks the issuer; it is closed with the entrance.

    Raises:
        ValueError: the authority's address is neither https nor http to loopback, or the secret is too short.
    """
    secure = choices.url.startswith("https://")
    discovery = Discovery(choices.authority, choices.client_id, choices.operators, client)
    registration = Registration(choices.client_id, choices.client_secret, f"{choices.url}/console/signed-in")
    return Entrance(
        choices.url,
        SessionKeeper(choices.secret, clock, desk, secure=secure),
        PendingKeeper(choices.secret, clock, secure=secure),
        RelyingParty(discovery, registration, client),
        choices.partners,
        choices.operators,
    )
