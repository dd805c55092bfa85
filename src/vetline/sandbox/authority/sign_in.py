"""Signing in by browser: what an authorization request must hold, what it earns, and the device's code. No HTTP here.

Open redirects are shut out by what is redirected to: a loopback address or the native client's page, and nothing else.
"""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from vetline.clock import Clock
from vetline.identity.issuer import TokenIssuer
from vetline.sandbox.authority import minting
from vetline.sandbox.authority.aadsts import (
    MALFORMED,
    PKCE_REQUIRED,
    UNKNOWN_DEVICE,
    UNKNOWN_RESPONSE_TYPE,
    WRONG_REDIRECT,
    Refused,
)
from vetline.sandbox.authority.asking import Asked, asked_by, required
from vetline.sandbox.authority.clients import Client, client_of, needed
from vetline.sandbox.authority.grants import device_answer
from vetline.sandbox.authority.ledger import Code, Device, Ledger, SignIn
from vetline.sandbox.contents.directory import Directory, SandboxTenant, SandboxUser

# https://learn.microsoft.com/entra/identity-platform/reply-url (the native client's, and loopback)
_NATIVE_CLIENT = "https://login.microsoftonline.com/common/oauth2/nativeclient"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PLAIN = re.compile(r"[!-\[\]-~]+", re.ASCII)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_LONGEST = 2048
_MODES = frozenset({"query", "fragment", "form_post"})
# Nothing that can be taken for something else, and no vowels, so no words.
_USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


class Authorization(msgspec.Struct, frozen=True):
    """A sound authorization request: all that is missing is the user, who is of one of `tenants`."""

    client: Client
    tenants: tuple[SandboxTenant, ...]
    redirect: str
    mode: str
    asked: Asked
    state: str | None
    nonce: str | None
    challenge: str | None
    id_token: bool
    v2: bool

    def user(self, username: str) -> SandboxUser | None:
        """Return the user of that name who may sign in here, in any case, or None."""
        return next(filter(None, (tenant.user(username) for tenant in self.tenants)), None)


class SignInDesk:
    """Takes authorization requests and device codes, and hands out what a token can be had for."""

    def __init__(self, directory: Directory, issuer: TokenIssuer, clock: Clock, ledger: Ledger) -> None:
        """Serve the people of `directory`; codes go into `ledger`."""
        self._directory = directory
        self._issuer = issuer
        self._clock = clock
        self._ledger = ledger

    def authorization(self, tenant: str, query: Mapping[str, str], *, v2: bool) -> Authorization:
        """Read an authorization request.

        Args:
            tenant: the tenant as the URL names it.
            query: the parameters.
            v2: which endpoint it came to.

        Returns:
            The request, sound.

        Raises:
            Refused: it is not sound; nothing may be redirected.
        """
        client = client_of(self._directory, tenant, {**query, "client_secret": ""})
        redirect = needed(query, "redirect_uri")
        if not is_allowed_redirect(redirect, self._issuer.base):
            raise Refused(WRONG_REDIRECT, redirect)
        kinds = set(needed(query, "response_type").split())
        mode = query.get("response_mode") or ("fragment" if "id_token" in kinds else "query")
        if "code" not in kinds or kinds - {"code", "id_token"} or mode not in _MODES:
            raise Refused(UNKNOWN_RESPONSE_TYPE)
        state, nonce = _short(query, "state"), _short(query, "nonce")
        challenge = _challenge(query)
        asked = _asked(query, client, v2=v2)
        tenants = self._directory.tenants if client.any_tenant else (client.tenant,)
        return Authorization(client, tenants, redirect, mode, asked, state, nonce, challenge, "id_token" in kinds, v2)

    def authorize(self, wanted: Authorization, user: SandboxUser) -> dict[str, str]:
        """Sign `user` in and return the parameters to redirect with: a code, the state, and an id token if asked."""
        now, application = self._clock.now(), wanted.client.application
        home = self._directory.home_of_user(user.username) or wanted.client.tenant
        code = Code(
            home,
            application,
            user,
            wanted.asked,
            wanted.redirect,
            wanted.challenge,
            wanted.nonce,
        )
        name = self._ledger.codes.put(code, now)
        answer = {"code": name} | ({"state": wanted.state} if wanted.state is not None else {})
        if wanted.id_token:
            sign_in = SignIn(home, application, user, False)
            extra = {"c_hash": minting.code_hash(name)} | ({"nonce": wanted.nonce} if wanted.nonce else {})
            answer["id_token"] = minting.id_token(self._issuer, sign_in, user, now, v2=wanted.v2, extra=extra)
        return answer

    def begin_device(self, tenant: str, form: Mapping[str, str], *, v2: bool) -> dict[str, object]:
        """Answer a device that asks for a code.

        Raises:
            Refused: its tenant, application or resource is unknown.
        """
        client = client_of(self._directory, tenant, form)
        asked = required(asked_by(form, client.tenant.name, v2=v2), v2=v2)
        user_code = "".join(secrets.choice(_USER_CODE_LETTERS) for _ in range(9))
        device = Device(client.tenant, client.application, asked, user_code)
        now = self._clock.now()
        self._ledger.devices_by_user_code.put(device, now, user_code)
        return device_answer(device, self._ledger.devices.put(device, now), self._issuer.base, v2=v2)

    def device(self, user_code: str) -> Device:
        """Return the device that waits under a code, however it was typed.

        Raises:
            Refused: none does, or its time is over.
        """
        kept = self._ledger.devices_by_user_code.find(user_code.strip().replace("-", "").upper())
        if kept is None or self._clock.now() >= kept.until or kept.value.user is not None:
            raise Refused(UNKNOWN_DEVICE)
        return kept.value

    def approve(self, device: Device, user: SandboxUser) -> None:
        """Sign `user` in on a device; its code is used up."""
        device.user = user
        self._ledger.devices_by_user_code.drop(device.user_code)


def is_allowed_redirect(uri: str, base: str) -> bool:
    """Whether the sandbox may send a browser to `uri` with a code.

    Args:
        uri: the redirect URI of the request.
        base: the authority's own URL, whose native client's page stands in for Entra's.

    Returns:
        True for the native client's pages and for http or https to localhost, 127.0.0.1 or [::1], at any port and
        path. Codes of the sandbox are worth nothing elsewhere, but an open redirect would be.
    """
    if uri in (_NATIVE_CLIENT, f"{base}/common/oauth2/nativeclient"):
        return True
    if len(uri) > _LONGEST or not _PLAIN.fullmatch(uri):
        return False
    try:
        parts = urlsplit(uri)
        port_reads = parts.port is None or parts.port > 0
    except ValueError:
        return False
    # A browser and this parser must read the same host, so nothing stands before it and no backslash is in it.
    plain = "@" not in parts.netloc and not parts.fragment
    return parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK and port_reads and plain


def _short(query: Mapping[str, str], name: str) -> str | None:
    value = query.get(name)
    if value is not None and len(value) > _LONGEST:
        raise Refused(MALFORMED, f"{name} is too long")
    return value


def _challenge(query: Mapping[str, str]) -> str | None:
    challenge = query.get("code_challenge")
    if challenge is None:
        return None
    # `plain` would make the challenge the proof: RFC 7636, section 7.2.
    if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise Refused(PKCE_REQUIRED)
    return challenge


def _asked(query: Mapping[str, str], client: Client, *, v2: bool) -> Asked:
    asked = asked_by(query, client.tenant.name, v2=v2)
    if asked is None and not v2:
        # v1 clients name the resource at the token endpoint if they like, and only there.
        asked = asked_by({"scope": "openid offline_access"}, client.tenant.name, v2=True)
    return required(asked, v2=v2)
