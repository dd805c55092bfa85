"""Signing in to a running sandbox without any set-up: it tells its people and their passwords to anybody."""

from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import msgspec

from vetline.cli import exits
from vetline.cli.failing import ABOUT_TRUST, CliError, is_about_trust
from vetline.sdk.clouds import GLOBAL
from vetline.sdk.messages import RawAnswer, RawRequest
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Conversation, Send
from vetline.sdk.tokens import AccessToken, token_in

T = TypeVar("T")

_SECONDS: Final = 10.0


class _Application(msgspec.Struct, rename="camel"):
    client_id: str
    client_secret: str = ""


class _User(msgspec.Struct):
    username: str
    password: str
    mfa: bool


class _Tenant(msgspec.Struct, rename="camel"):
    tenant_id: str
    name: str
    applications: list[_Application]
    public_applications: list[_Application]
    users: list[_User]


class _Info(msgspec.Struct, rename="camel"):
    """What /sandbox/info says, as far as it is needed here."""

    partners: list[_Tenant]
    review_desk: _Tenant


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
        info = yield from self._asked(RawRequest("GET", f"{self._base_url}/sandbox/info"), _Info)
        tenant = info.review_desk if self._reviewer else _partner_named(info.partners, self._partner)
        form = urlencode(_form(tenant, app_only=self._app_only)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        request = RawRequest("POST", f"{self._base_url}/{tenant.tenant_id}/oauth2/v2.0/token", headers, form)
        return token_in((yield from self._asked(request, dict[str, Any])), around.wall())

    def _asked(self, request: RawRequest, kind: type[T]) -> Conversation[T]:
        outcome = yield Send(request, _SECONDS)
        if not isinstance(outcome, RawAnswer):
            raise self._none(outcome.why)
        if outcome.status != 200:
            raise self._none(f"status {outcome.status}")
        try:
            return msgspec.json.decode(outcome.body, type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._none("what answers there is no sandbox") from error

    def _none(self, why: str) -> CliError:
        if is_about_trust(why):
            return CliError(f"{self._base_url} is not trusted ({why}). {ABOUT_TRUST}")
        sentence = f"No sandbox answers at {self._base_url} ({why}). Start one with `vetline sandbox`"
        return CliError(f"{sentence}, or say in VETLINE_BASE_URL where it is.", exits.UNAVAILABLE)


def _partner_named(partners: list[_Tenant], name: str) -> _Tenant:
    for partner in partners:
        if partner.name.lower().startswith(name.lower()):
            return partner
    known = ", ".join(partner.name for partner in partners)
    raise CliError(f"The sandbox has no partner whose name begins with '{name}'. It has: {known}.")


def _form(tenant: _Tenant, *, app_only: bool) -> dict[str, str]:
    """Return the form that signs somebody of a tenant in: its user with MFA, or its application alone."""
    application = next(iter([*tenant.applications, *tenant.public_applications]), None)
    user = next((user for user in tenant.users if user.mfa), None)
    if application is None or user is None:
        raise CliError(f"The sandbox has nobody who could sign in for {tenant.name}.")
    form = {"client_id": application.client_id, "scope": GLOBAL.scope}
    if application.client_secret:
        form["client_secret"] = application.client_secret
    if app_only:
        return form | {"grant_type": "client_credentials"}
    return form | {"grant_type": "password", "username": user.username, "password": user.password}
