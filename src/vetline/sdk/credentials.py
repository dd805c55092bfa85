"""Credentials of our own, for those who bring none: a client secret, a refresh token, a device code.

azure-identity and MSAL work as they are; these need no further library. All speak to the v2 endpoint of Microsoft
Entra ID:
https://learn.microsoft.com/entra/identity-platform/v2-protocols
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from vetline.sdk.checking import check_url
from vetline.sdk.clouds import GLOBAL
from vetline.sdk.errors import ConnectionFailedError, CredentialError, InvalidArgumentError
from vetline.sdk.messages import Outcome, RawAnswer, RawRequest, Unanswered
from vetline.sdk.retrying import Again, Repeat, RetryPolicy, verdict
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Conversation, Pause, Send
from vetline.sdk.tokens import AccessToken, token_in
from vetline.wire.reading import folded

_SECONDS = 30.0
_POLICY = RetryPolicy()
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_OFFLINE = "openid profile offline_access"

OnRotation = Callable[[str], None]


class DevicePrompt(msgspec.Struct, frozen=True):
    """What a person has to do to sign in with a device code.

    Parameters:
        message: a sentence that says it all.
        verification_uri: the page to open.
        user_code: the code to enter there.
        expires_in: in how many seconds the code ends.
    """

    message: str
    verification_uri: str
    user_code: str
    expires_in: float


class _Application:
    """An application in a tenant, and how it asks the authority."""

    def __init__(self, tenant: str, client_id: str, authority: str, scope: str) -> None:
        check_url("authority", authority)
        if not tenant.strip() or not client_id.strip():
            raise InvalidArgumentError("A credential needs the tenant and the application's client_id.")
        self._base = f"{authority.rstrip('/')}/{quote(tenant.strip(), safe='')}/oauth2/v2.0"
        self._client_id = client_id
        self.scope = scope

    def asked(self, around: Surroundings, form: Mapping[str, str], path: str = "token") -> Conversation[dict[str, Any]]:
        """Return the conversation that posts a form and gives the members of the answer.

        Raises:
            CredentialError: the authority refuses; `code` is its `error`.
        """
        members = yield from self.answered(around, form, path)
        if "error" in members:
            raise refused(members)
        return members

    def answered(
        self, around: Surroundings, form: Mapping[str, str], path: str = "token"
    ) -> Conversation[dict[str, Any]]:
        """Return the conversation that posts a form and gives the members of the answer, a refusal's too.

        Raises:
            ConnectionFailedError: nobody answers.
            CredentialError: the answer is not understood.
        """
        request = self._request(path, form)
        begun, attempt = around.monotonic(), 1
        while True:
            outcome: Outcome = yield Send(request, _SECONDS)
            elapsed = around.monotonic() - begun
            found = verdict(outcome, Repeat.SAFE, _POLICY, attempt, elapsed, around.wall(), around.chance)
            if not isinstance(found, Again):
                return _members(outcome, self._base)
            yield Pause(found.seconds)
            attempt += 1

    def _request(self, path: str, form: Mapping[str, str]) -> RawRequest:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urlencode({"client_id": self._client_id, **form}).encode()
        return RawRequest("POST", f"{self._base}/{path}", headers, body)


class ClientSecret:
    """App-only: an application with a secret. It may read; it may not ask for a qualification.

    Parameters:
        tenant: the partner's tenant.
        client_id, client_secret: the application's.
        authority, scope: for another cloud; see `vetline.sdk.clouds.CLOUDS`.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        client_secret: str,
        *,
        authority: str = GLOBAL.authority,
        scope: str = GLOBAL.scope,
    ) -> None:
        self._application = _Application(tenant, client_id, authority, scope)
        self._secret = client_secret

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token."""
        form = {"grant_type": "client_credentials", "client_secret": self._secret, "scope": self._application.scope}
        members = yield from self._application.asked(around, form)
        return token_in(members, around.wall())


class RefreshToken:
    """App+User by the secure application model: somebody once signed in with MFA, and the refresh token was kept.

    https://learn.microsoft.com/partner-center/developer/enable-secure-app-model

    Parameters:
        tenant: the partner's tenant.
        client_id: the application's.
        refresh_token: the kept token.
        client_secret: the application's; empty for a public one.
        on_rotation: given every new refresh token, to be kept instead; called before the access token is used. A token
            that is not kept is lost: the old one may be refused from then on.
        authority, scope: for another cloud; see `vetline.sdk.clouds.CLOUDS`.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        refresh_token: str,
        *,
        client_secret: str = "",
        on_rotation: OnRotation | None = None,
        authority: str = GLOBAL.authority,
        scope: str = GLOBAL.scope,
    ) -> None:
        self._application = _Application(tenant, client_id, authority, scope)
        self._refresh_token = refresh_token
        self._secret = client_secret
        self._on_rotation = on_rotation

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token."""
        scope = f"{self._application.scope} {_OFFLINE}"
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh_token, "scope": scope}
        members = yield from self._application.asked(around, form | _secret(self._secret))
        self._rotate(members.get("refresh_token"))
        return token_in(members, around.wall())

    def _rotate(self, fresh: Any) -> None:
        if isinstance(fresh, str) and fresh and fresh != self._refresh_token:
            self._refresh_token = fresh
            if self._on_rotation:
                self._on_rotation(fresh)


class DeviceCode:
    """App+User for a terminal: a person opens a page elsewhere and enters a code. Later a refresh token is used.

    https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code

    Parameters:
        tenant: the partner's tenant, or ``organizations``.
        client_id: a public application's.
        on_prompt: shows the person what to do.
        on_rotation: given every refresh token, the first too.
        authority, scope: for another cloud; see `vetline.sdk.clouds.CLOUDS`.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        on_prompt: Callable[[DevicePrompt], None],
        *,
        on_rotation: OnRotation | None = None,
        authority: str = GLOBAL.authority,
        scope: str = GLOBAL.scope,
    ) -> None:
        self._application = _Application(tenant, client_id, authority, scope)
        self._places = (tenant, client_id, authority, scope)
        self._on_prompt = on_prompt
        self._on_rotation = on_rotation
        self._renewal: RefreshToken | None = None

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token; the first one waits for the person."""
        if self._renewal is not None:
            return (yield from self._renewal.conversation(around))
        members = yield from self._signed_in(around)
        self._keep(members.get("refresh_token"))
        return token_in(members, around.wall())

    def _signed_in(self, around: Surroundings) -> Conversation[dict[str, Any]]:
        form = {"scope": f"{self._application.scope} {_OFFLINE}"}
        device = yield from self._application.asked(around, form, "devicecode")
        prompt = _prompt(device)
        self._on_prompt(prompt)
        ends = around.monotonic() + prompt.expires_in
        pause = _seconds(device.get("interval"), 5.0)
        while around.monotonic() < ends:
            yield Pause(pause)
            members = yield from self._poll(around, str(device.get("device_code", "")))
            if members.get("error") == "slow_down":
                pause += 5.0  # https://www.rfc-editor.org/rfc/rfc8628#section-3.5
            elif members.get("error") != "authorization_pending":
                if "error" in members:
                    raise refused(members)
                return members
        raise CredentialError("Nobody entered the code in time; sign in again.", category="Unauthorized")

    def _poll(self, around: Surroundings, device_code: str) -> Conversation[dict[str, Any]]:
        return (
            yield from self._application.answered(around, {"grant_type": _DEVICE_GRANT, "device_code": device_code})
        )

    def _keep(self, fresh: Any) -> None:
        if not isinstance(fresh, str) or not fresh:
            return
        tenant, client_id, authority, scope = self._places
        self._renewal = RefreshToken(
            tenant, client_id, fresh, on_rotation=self._on_rotation, authority=authority, scope=scope
        )
        if self._on_rotation:
            self._on_rotation(fresh)


def refused(members: Mapping[str, Any]) -> CredentialError:
    """Return the error for an authority's refusal, in its own words, such as ``AADSTS7000215: ...``."""
    kind = str(members.get("error", ""))
    said = str(members.get("error_description") or kind or "without a reason").splitlines()[0]
    return CredentialError(
        f"The authority gives no token: {said}",
        category="Unauthorized",
        code=kind,
        correlation_id=str(members.get("correlation_id", "")),
    )


def _members(outcome: Outcome, base: str) -> dict[str, Any]:
    if isinstance(outcome, Unanswered):
        raise ConnectionFailedError(f"The authority {urlsplit(base).netloc} does not answer: {outcome.why}")
    members = _object(outcome)
    if members is None or ("error" not in members and not 200 <= outcome.status < 300):
        raise CredentialError(
            f"The authority {urlsplit(base).netloc} answers with status {outcome.status} and no token.",
            category="Unauthorized",
            answer=outcome,
        )
    return members


def _object(answer: RawAnswer) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return folded(value) if isinstance(value, dict) else None


def _prompt(device: Mapping[str, Any]) -> DevicePrompt:
    # https://www.rfc-editor.org/rfc/rfc8628#section-3.2 says verification_uri, the v1 endpoint says verification_url
    uri = str(device.get("verification_uri") or device.get("verification_url") or "")
    code = str(device.get("user_code", ""))
    said = str(device.get("message") or f"To sign in, open {uri} and enter the code {code}.")
    return DevicePrompt(said, uri, code, _seconds(device.get("expires_in"), 900.0))


def _seconds(value: Any, default: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return default


def _secret(secret: str) -> dict[str, str]:
    return {"client_secret": secret} if secret else {}
