"""The five grants of the token endpoint. Each turns a request into an answer, or refuses it; none knows HTTP.

Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

import msgspec

from vetline.clock import Clock
from vetline.identity.issuer import TokenIssuer
from vetline.sandbox.authority import minting
from vetline.sandbox.authority.aadsts import (
    DEFAULT_REQUIRED,
    EXPIRED_CODE,
    EXPIRED_DEVICE,
    EXPIRED_REFRESH,
    NO_TENANT,
    OTHER_REDIRECT,
    PENDING,
    PKCE_REQUIRED,
    REDEEMED_CODE,
    SECRET_REQUIRED,
    UNKNOWN_CODE,
    UNKNOWN_DEVICE,
    UNKNOWN_GRANT,
    UNKNOWN_REFRESH,
    WRONG_PASSWORD,
    WRONG_VERIFIER,
    Refused,
)
from vetline.sandbox.authority.asking import Asked, asked_by, required
from vetline.sandbox.authority.clients import Client, client_of, needed
from vetline.sandbox.authority.ledger import Code, Device, Family, Ledger, Refresh, SignIn
from vetline.sandbox.contents.directory import Directory

_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class Order(msgspec.Struct, frozen=True):
    """A token request, once its tenant and client are known.

    Attributes:
        client: the application, and whether it proved itself.
        form: all parameters.
        asked: what it asks for; None when it is silent.
        v2: which endpoint it came to.
        now: the moment.
    """

    client: Client
    form: Mapping[str, str]
    asked: Asked | None
    v2: bool
    now: datetime


class Grants:
    """The token endpoint without HTTP."""

    def __init__(self, directory: Directory, issuer: TokenIssuer, clock: Clock, ledger: Ledger) -> None:
        """Issue `issuer`'s tokens to the people and applications of `directory`."""
        self._directory = directory
        self._issuer = issuer
        self._clock = clock
        self._ledger = ledger

    def redeem(self, tenant: str, form: Mapping[str, str], *, v2: bool) -> dict[str, object]:
        """Answer a token request.

        Args:
            tenant: the tenant as the URL names it.
            form: the parameters, the client's id and secret among them.
            v2: which endpoint it came to.

        Returns:
            The members of the JSON answer.

        Raises:
            Refused: it is not granted.
        """
        name = needed(form, "grant_type")
        grant = _BY_NAME.get(name)
        if grant is None:
            raise Refused(UNKNOWN_GRANT, name)
        client = client_of(self._directory, tenant, form)
        if name == "client_credentials" and self._directory.tenant(tenant) is None:
            # An application's own token needs the tenant by name, for `common` is where people are found.
            raise Refused(NO_TENANT)
        asked = asked_by(form, client.tenant.name, v2=v2)
        return grant(self, Order(client, form, asked, v2, self._clock.now()))

    def _client_credentials(self, order: Order) -> dict[str, object]:
        if not order.client.with_secret:
            raise Refused(SECRET_REQUIRED)
        asked = required(order.asked, v2=order.v2)
        if order.v2 and not asked.default:
            raise Refused(DEFAULT_REQUIRED, order.form["scope"])
        sign_in = SignIn(order.client.tenant, order.client.application, None, True)
        token = minting.access_token(self._issuer, sign_in, asked, order.now, v2=order.v2)
        return minting.answer(token, asked, order.now, user=False, v2=order.v2)

    def _password(self, order: Order) -> dict[str, object]:
        user = order.client.tenant.user(needed(order.form, "username"))
        if user is None or not user.has_password(needed(order.form, "password")):
            raise Refused(WRONG_PASSWORD)
        sign_in = SignIn(order.client.tenant, order.client.application, user, order.client.with_secret)
        return self._for_user(order, sign_in, required(order.asked, v2=order.v2), Family())

    def _refresh(self, order: Order) -> dict[str, object]:
        kept = self._ledger.refreshes.find(needed(order.form, "refresh_token"))
        if kept is None or not _belongs(kept.value.sign_in, order.client):
            raise Refused(UNKNOWN_REFRESH)
        if order.now >= kept.until:
            raise Refused(EXPIRED_REFRESH)
        if kept.value.used or not kept.value.family.alive:
            # Used twice: it was stolen, by this caller or by the one before. Neither keeps what it has.
            kept.value.family.alive = False
            raise Refused(UNKNOWN_REFRESH)
        if kept.value.sign_in.with_secret and not order.client.with_secret:
            raise Refused(SECRET_REQUIRED)
        kept.value.used = True
        return self._refreshed(order, kept.value)

    def _refreshed(self, order: Order, refresh: Refresh) -> dict[str, object]:
        # A refresh token may be spent on another resource; without a word it is for the one it came with.
        asked = order.asked or refresh.asked
        sign_in = msgspec.structs.replace(refresh.sign_in, with_secret=order.client.with_secret)
        return self._for_user(order, sign_in, msgspec.structs.replace(asked, offline=True), refresh.family)

    def _code(self, order: Order) -> dict[str, object]:
        kept = self._ledger.codes.find(needed(order.form, "code"))
        if kept is None or kept.value.application != order.client.application:
            raise Refused(UNKNOWN_CODE)
        code = kept.value
        if code.redeemed:
            code.family.alive = False
            raise Refused(REDEEMED_CODE)
        if order.now >= kept.until:
            raise Refused(EXPIRED_CODE)
        _check_code(code, order)
        code.redeemed = True
        sign_in = SignIn(code.tenant, code.application, code.user, order.client.with_secret)
        return self._for_user(order, sign_in, order.asked or code.asked, code.family, code.nonce)

    def _device(self, order: Order) -> dict[str, object]:
        name = order.form.get("device_code") or needed(order.form, "code")
        kept = self._ledger.devices.find(name)
        if kept is None or kept.value.application != order.client.application:
            raise Refused(UNKNOWN_DEVICE)
        if order.now >= kept.until:
            raise Refused(EXPIRED_DEVICE)
        device = kept.value
        if device.user is None:
            raise Refused(PENDING)
        self._ledger.devices.drop(name)
        sign_in = SignIn(device.tenant, device.application, device.user, order.client.with_secret)
        return self._for_user(order, sign_in, device.asked, Family())

    def _for_user(
        self, order: Order, sign_in: SignIn, asked: Asked, family: Family, nonce: str | None = None
    ) -> dict[str, object]:
        user = sign_in.user
        if user is None:
            raise ValueError("a user's grant needs a user")
        token = minting.access_token(self._issuer, sign_in, asked, order.now, v2=order.v2)
        body = minting.answer(token, asked, order.now, user=True, v2=order.v2)
        if asked.offline:
            body["refresh_token"] = self._ledger.refreshes.put(Refresh(sign_in, asked, family), order.now)
        if asked.openid:
            extra = {"nonce": nonce} if nonce else {}
            body["id_token"] = minting.id_token(self._issuer, sign_in, user, order.now, v2=order.v2, extra=extra)
        if order.form.get("client_info") == "1":
            body["client_info"] = minting.client_info(sign_in, user)
        return body


_BY_NAME: Mapping[str, Callable[[Grants, Order], dict[str, object]]] = {
    "client_credentials": Grants._client_credentials,
    "password": Grants._password,
    "refresh_token": Grants._refresh,
    "authorization_code": Grants._code,
    _DEVICE_CODE: Grants._device,
    # https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code (v1 names it plainly)
    "device_code": Grants._device,
}


def _belongs(sign_in: SignIn, client: Client) -> bool:
    same_tenant = client.any_tenant or sign_in.tenant.tenant_id == client.tenant.tenant_id
    return sign_in.application == client.application and same_tenant


def _check_code(code: Code, order: Order) -> None:
    redirect = order.form.get("redirect_uri", "")
    if redirect != code.redirect:
        raise Refused(OTHER_REDIRECT, redirect)
    if code.challenge is None:
        if not order.client.with_secret:
            raise Refused(PKCE_REQUIRED if order.client.application.client_secret is None else SECRET_REQUIRED)
        return
    digest = sha256(order.form.get("code_verifier", "").encode("utf-8", "surrogatepass")).digest()
    if not hmac.compare_digest(urlsafe_b64encode(digest).rstrip(b"="), code.challenge.encode()):
        raise Refused(WRONG_VERIFIER)


def device_answer(device: Device, device_code: str, base: str, *, v2: bool) -> dict[str, object]:
    """Return the answer to a device that asks for a code; v1 has other names and writes numbers as strings."""
    page = f"{base}/devicelogin"
    message = f"To sign in, use a web browser to open the page {page} and enter the code {device.user_code}."
    common: dict[str, object] = {"user_code": device.user_code, "device_code": device_code, "message": message}
    if v2:
        return common | {"verification_uri": page, "expires_in": 900, "interval": 5}
    return common | {"verification_url": page, "expires_in": "900", "interval": "5"}
