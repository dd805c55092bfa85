"""App+User for a terminal, by a device code: https://www.rfc-editor.org/rfc/rfc8628"""

import math
from collections.abc import Callable
from typing import Any

import msgspec

from vetline.sdk.clouds import GLOBAL
from vetline.sdk.credentials.application import OFFLINE, Application, refused
from vetline.sdk.credentials.refresh_token import OnRotation, Rotating
from vetline.sdk.deciphering import one_line
from vetline.sdk.errors import CredentialError
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Ask, Conversation, Pause
from vetline.sdk.tokens import AccessToken
from vetline.wire.reading import Members

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
# Nobody is asked more often, and no code lives longer, whatever an authority says.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LONGEST_LIFE = 24 * 3600.0


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


class DeviceCode:
    """App+User for a terminal: a person opens a page elsewhere and enters a code. Later a refresh token is used.

    https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code

    Parameters:
        tenant: the partner's tenant, or ``organizations``.
        client_id: a public application's.
        on_prompt: shows the person what to do.
        on_rotation: given every refresh token, the first too; see `RefreshToken`.
        authority, scope: for another cloud; see `vetline.sdk.clouds.CLOUDS`.

    Raises:
        InvalidArgumentError: one of these is missing, or is none.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        on_prompt: Callable[[DevicePrompt], Any],
        *,
        on_rotation: OnRotation | None = None,
        authority: str = GLOBAL.authority,
        scope: str = GLOBAL.scope,
    ) -> None:
        self._application = Application(tenant, client_id, authority, scope)
        self._on_prompt = on_prompt
        self._rotating = Rotating(self._application, "", "", on_rotation)

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token; the first one waits for the person.

        Raises:
            CredentialError: the person declined or did nothing, or the authority gives no token.
            ConnectionFailedError: nobody answers.
        """
        if self._rotating.current:
            return (yield from self._rotating.renewed(around))
        members = yield from self._signed_in(around)
        return (yield from self._rotating.taken(members, around))

    def _signed_in(self, around: Surroundings) -> Conversation[Members]:
        scope = {"scope": f"{self._application.scope} {OFFLINE}"}
        device = yield from self._application.asked(around, scope, "devicecode")
        prompt = _prompt(device)
        ends = around.monotonic() + prompt.expires_in
        yield Ask(lambda: self._on_prompt(prompt))
        pause = _seconds(device.get("interval"), 5.0, _SHORTEST_PAUSE, _LONGEST_PAUSE)
        form = {"grant_type": _GRANT, "device_code": str(device["device_code"])}
        while around.monotonic() < ends:
            yield Pause(pause)
            members = yield from self._application.answered(around, form)
            match members.get("error"):
                case "slow_down":
                    pause += 5.0  # https://www.rfc-editor.org/rfc/rfc8628#section-3.5
                case "authorization_pending":
                    pass
                case None if "error" not in members:
                    return members
                case _:
                    raise refused(members)
        raise CredentialError("Nobody entered the code in time; sign in again.", category="Unauthorized")


def _prompt(device: Members) -> DevicePrompt:
    # https://www.rfc-editor.org/rfc/rfc8628#section-3.2 says verification_uri, the v1 endpoint says verification_url
    uri = one_line(str(device.get("verification_uri") or device.get("verification_url") or ""))
    code = one_line(str(device.get("user_code") or ""))
    if not uri or not code or not device.get("device_code"):
        raise CredentialError("The authority answers without a code to enter; sign in again.", category="Unauthorized")
    said = one_line(str(device.get("message") or f"To sign in, open {uri} and enter the code {code}."))
    return DevicePrompt(said, uri, code, _seconds(device.get("expires_in"), 900.0, 1.0, _LONGEST_LIFE))


def _seconds(value: Any, default: float, least: float, most: float) -> float:
    """Return a number of seconds within bounds, also when it is written as text, as the v1 endpoint does."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return default if math.isnan(found) else min(max(found, least), most)
