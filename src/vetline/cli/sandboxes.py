"""Signing in to a running sandbox without any set-up: it tells its people and their passwords to anybody."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from vetline.cli import exits
from vetline.cli.failing import CliError
from vetline.sdk.messages import RawAnswer, RawRequest
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Conversation, Send
from vetline.sdk.tokens import AccessToken, token_in

SCOPE: Final = "https://api.partnercenter.microsoft.com/.default"
_SECONDS = 10.0


class SandboxPerson:
    """Tokens of somebody in a sandbox.

    Parameters:
        base_url: where the sandbox answers.
        partner: the beginning of the partner's name, in any case.
        app_only: for the partner's application alone, without a user.
        reviewer: for a reviewer instead.
    """

    def __init__(
        self, base_url: str, partner: str = "Contoso", *, app_only: bool = False, reviewer: bool = False
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._partner = partner
        self._app_only = app_only
        self._reviewer = reviewer

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token.

        Raises:
            CliError: there is no sandbox, or it has no such partner.
        """
        info = yield from self._asked(RawRequest("GET", f"{self._base_url}/sandbox/info"))
        tenant = info["reviewDesk"] if self._reviewer else partner_named(info, self._partner)
        form = urlencode(sign_in_form(tenant, app_only=self._app_only)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self._base_url}/{tenant['tenantId']}/oauth2/v2.0/token"
        return token_in((yield from self._asked(RawRequest("POST", url, headers, form))), around.wall())

    def _asked(self, request: RawRequest) -> Conversation[Any]:
        outcome = yield Send(request, _SECONDS)
        if not isinstance(outcome, RawAnswer):
            raise self._none(outcome.why)
        try:
            value = msgspec.json.decode(outcome.body)
        except msgspec.DecodeError as error:
            raise self._none("what answers there is no sandbox") from error
        if outcome.status != 200 or not isinstance(value, dict):
            raise self._none(f"status {outcome.status}")
        return value

    def _none(self, why: str) -> CliError:
        sentence = f"No sandbox answers at {self._base_url} ({why}). Start one with `vetline sandbox`"
        return CliError(f"{sentence}, or say in VETLINE_BASE_URL where it is.", exits.UNAVAILABLE)


def partner_named(info: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a partner of a sandbox by the beginning of its name.

    Raises:
        CliError: there is none.
    """
    partners: list[dict[str, Any]] = info["partners"]
    for partner in partners:
        if partner["name"].lower().startswith(name.lower()):
            return partner
    known = ", ".join(partner["name"] for partner in partners)
    raise CliError(f"The sandbox has no partner whose name begins with '{name}'. It has: {known}.")


def sign_in_form(tenant: Mapping[str, Any], *, app_only: bool) -> dict[str, str]:
    """Return the form that signs somebody of a tenant in: its user with MFA, or its application alone."""
    application = [*tenant["applications"], *tenant["publicApplications"]][0]
    form = {"client_id": application["clientId"], "scope": SCOPE}
    if "clientSecret" in application:
        form["client_secret"] = application["clientSecret"]
    if app_only:
        return form | {"grant_type": "client_credentials"}
    user = next(user for user in tenant["users"] if user["mfa"])
    return form | {"grant_type": "password", "username": user["username"], "password": user["password"]}
