"""Makes the tokens' claims and the token endpoint's answers, in v1's or v2's shape. Who may have one is not asked."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from vetline.identity.caller import DIRECTORY_ROLES
from vetline.identity.issuer import TokenIssuer
from vetline.sandbox.authority.asking import Asked
from vetline.sandbox.authority.ledger import SignIn
from vetline.sandbox.contents.directory import SandboxUser

# https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime (Partner Center's: 60 minutes)
ACCESS_LIVES = timedelta(minutes=60)
_WIDS = {name: wid for wid, name in DIRECTORY_ROLES.items()}


def access_token(issuer: TokenIssuer, sign_in: SignIn, asked: Asked, now: datetime, *, v2: bool) -> str:
    """Return a signed access token.

    The claims are those of a v1 token whichever endpoint it comes from, since the resource decides the format and
    Partner Center's is v1 (https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats). Only
    `iss` follows the endpoint, so that it agrees with the OpenID configuration the client found.

    Args:
        issuer: who signs.
        sign_in: whom it names.
        asked: the audience.
        now: the moment of issue.
        v2: which endpoint it comes from.
    """
    start = int(now.timestamp())
    claims: dict[str, object] = {
        "aud": asked.resource,
        "iss": issuer.name(sign_in.tenant.tenant_id, v2=v2),
        "iat": start,
        "nbf": start,
        "exp": start + int(ACCESS_LIVES.total_seconds()),
        "appid": sign_in.application.client_id,
        "appidacr": "1" if sign_in.with_secret else "0",
        "tid": sign_in.tenant.tenant_id,
        "uti": secrets.token_urlsafe(16),
        "ver": "1.0",
    }
    return issuer.sign(claims | (_of_application(sign_in) if sign_in.user is None else _of_user(sign_in.user)))


def id_token(
    issuer: TokenIssuer, sign_in: SignIn, user: SandboxUser, now: datetime, *, v2: bool, extra: Mapping[str, object]
) -> str:
    """Return a signed id token for the application; `extra` holds `nonce` and `c_hash` where there are any.

    Source: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
    """
    start = int(now.timestamp())
    name = {"preferred_username": user.username} if v2 else {"upn": user.username, "unique_name": user.username}
    # Entra's v2 id tokens have no `amr`; here it is the only way to try what happens without a second factor.
    claims: dict[str, object] = {
        "amr": _methods(user),
        "aud": sign_in.application.client_id,
        "iss": issuer.name(sign_in.tenant.tenant_id, v2=v2),
        "iat": start,
        "nbf": start,
        "exp": start + int(ACCESS_LIVES.total_seconds()),
        "name": user.username.partition("@")[0],
        "oid": user.object_id,
        "roles": _plain_roles(user),
        "sub": user.object_id,
        "tid": sign_in.tenant.tenant_id,
        "ver": "2.0" if v2 else "1.0",
        "wids": _wids(user),
    }
    return issuer.sign(claims | name | dict(extra))


def code_hash(code: str) -> str:
    """Return the `c_hash` of an authorization code: the left half of its SHA-256 (OpenID Connect Core, 3.3.2.11)."""
    return _b64(sha256(code.encode()).digest()[:16])


def client_info(sign_in: SignIn, user: SandboxUser) -> str:
    """Return what MSAL asks for by `client_info=1`: the account's home, from which it makes its cache key."""
    return _b64(json.dumps({"uid": user.object_id, "utid": sign_in.tenant.tenant_id}).encode())


def answer(token: str, asked: Asked, now: datetime, *, user: bool, v2: bool) -> dict[str, object]:
    """Return the token endpoint's answer around an access token.

    Args:
        token: the access token.
        asked: what it is for.
        now: the moment of issue.
        user: whether it is a user's; an application's has no scope.
        v2: v1 writes numbers as strings and tells more of them.
    """
    lives = int(ACCESS_LIVES.total_seconds())
    if v2:
        scope = {"scope": asked.scope} if user else {}
        return {"token_type": "Bearer", **scope, "expires_in": lives, "ext_expires_in": lives, "access_token": token}
    start = int(now.timestamp())
    scope = {"scope": "user_impersonation"} if user else {}
    times = {"expires_on": str(start + lives), "not_before": str(start)}
    return {
        "token_type": "Bearer",
        **scope,
        "expires_in": str(lives),
        "ext_expires_in": str(lives),
        **times,
        "resource": asked.resource,
        "access_token": token,
    }


def _of_application(sign_in: SignIn) -> dict[str, object]:
    principal = str(uuid5(UUID(sign_in.tenant.tenant_id), sign_in.application.client_id))
    return {"idtyp": "app", "oid": principal, "sub": principal}


def _of_user(user: SandboxUser) -> dict[str, object]:
    return {
        "acr": "1",
        "amr": _methods(user),
        "name": user.username.partition("@")[0],
        "oid": user.object_id,
        "roles": _plain_roles(user),
        "scp": "user_impersonation",
        "sub": user.object_id,
        "unique_name": user.username,
        "upn": user.username,
        "wids": _wids(user),
    }


def _methods(user: SandboxUser) -> list[str]:
    return ["pwd", "mfa"] if user.mfa else ["pwd"]


def _wids(user: SandboxUser) -> list[str]:
    return [_WIDS[role] for role in user.roles if role in _WIDS]


def _plain_roles(user: SandboxUser) -> list[str]:
    return [role for role in user.roles if role not in _WIDS]


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
