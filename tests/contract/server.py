"""A server under contract: its people and customers by name, and tokens for them."""

from typing import Any

import httpx2

PARTNER_CENTER = "https://api.partnercenter.microsoft.com"


class Server:
    """Something that speaks the contract and has a sandbox's control surface.

    Parameters:
        base: its address.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = httpx2.Client(base_url=base, timeout=60)
        self._info: dict[str, Any] = {}
        self._tokens: dict[tuple[str, ...], str] = {}
        self._moved = False

    def reset(self) -> None:
        """Make it fresh; tokens that were issued while its clock stood elsewhere are of no use any more."""
        self.http.post("/sandbox/reset").raise_for_status()
        self._info = self._info or self.http.get("/sandbox/info").raise_for_status().json()
        if self._moved:
            self._tokens, self._moved = {}, False

    def advance(self, seconds: float) -> None:
        """Move its clock, and do what became due."""
        self.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()
        if seconds:
            self._tokens, self._moved = {}, True

    def decide(self, decision: dict[str, str]) -> None:
        """Decide a case by hand."""
        answer = self.http.post("/sandbox/decisions", json=decision)
        assert answer.status_code == 200, answer.text

    def partner(self, word: str) -> str:
        """Return the tenant of the partner whose name has a word in it."""
        return str(self._partner(word)["tenantId"])

    def customer(self, word: str) -> str:
        """Return the id of the customer whose name has a word in it."""
        (found,) = [one for one in self._info["customers"] if word.lower() in one["companyName"].lower()]
        return str(found["id"])

    def token(self, kind: str, partner: str, audience: str = PARTNER_CENTER) -> str:
        """Return an access token.

        Parameters:
            kind: ``user`` (with MFA), ``user-without-mfa``, ``app``, ``reviewer`` or ``administrator``.
            partner: a word of the partner's name.
            audience: whom the token is for.
        """
        key = (kind, partner, audience)
        if key not in self._tokens:
            self._tokens[key] = self._fresh(kind, partner, audience)
        return self._tokens[key]

    def _fresh(self, kind: str, partner: str, audience: str) -> str:
        desk = kind in ("reviewer", "administrator")
        tenant = self._info["reviewDesk"] if desk else self._partner(partner)
        form = _credentials(tenant, kind) | {"scope": f"{audience}/.default"}
        answer = self.http.post(f"/{tenant['tenantId']}/oauth2/v2.0/token", data=form)
        return str(answer.raise_for_status().json()["access_token"])

    def _partner(self, word: str) -> dict[str, Any]:
        (found,) = [one for one in self._info["partners"] if word.lower() in one["name"].lower()]
        return dict(found)


def _credentials(tenant: dict[str, Any], kind: str) -> dict[str, str]:
    application = [*tenant["applications"], *tenant["publicApplications"]][0]
    client = {"client_id": application["clientId"]}
    if secret := application.get("clientSecret"):
        client["client_secret"] = secret
    if kind == "app":
        return client | {"grant_type": "client_credentials"}
    user = next(one for one in tenant["users"] if _is(one, kind))
    return client | {"grant_type": "password", "username": user["username"], "password": user["password"]}


def _is(user: dict[str, Any], kind: str) -> bool:
    administrator = "Vetline.Administrator" in user["roles"]
    return bool(user["mfa"]) is (kind != "user-without-mfa") and administrator is (kind == "administrator")
