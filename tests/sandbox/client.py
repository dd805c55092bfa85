"""A client of the authority, as plain as can be: what it sends is what the protocol says."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.testclient import TestClient

from vetline.sandbox.contents.directory import SandboxApplication, SandboxTenant
from vetline.sandbox.contents.seeds import seeded_directory

CONTOSO, FABRIKAM, OPERATOR = seeded_directory().tenants
RESOURCE = "https://api.partnercenter.microsoft.com"
SCOPE = f"{RESOURCE}/user_impersonation"
EVERYTHING = f"{SCOPE} openid profile offline_access"
REDIRECT = "http://localhost:5000/callback"
VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def application(tenant: SandboxTenant = CONTOSO, *, public: bool = False) -> SandboxApplication:
    """Return a tenant's confidential or public application."""
    return next(one for one in tenant.applications if (one.client_secret is None) is public)


def named(one: SandboxApplication) -> dict[str, Any]:
    """Return the parameters by which an application names and proves itself."""
    return {"client_id": one.client_id} | ({"client_secret": one.client_secret} if one.client_secret else {})


def claims(token: str) -> dict[str, Any]:
    """Return a token's claims, unverified."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


class Authority:
    """The authority over HTTP."""

    def __init__(self, http: TestClient) -> None:
        """Use `http`."""
        self.http = http

    def token(self, tenant: str = CONTOSO.tenant_id, v2: bool = True, **form: str) -> Any:
        """Ask for a token and return the JSON answer, which must be a success."""
        response = self.http.post(f"/{tenant}/oauth2/{'v2.0/' if v2 else ''}token", data=form)
        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        return response.json()

    def refused(self, tenant: str = CONTOSO.tenant_id, v2: bool = True, **form: str) -> tuple[int, str, int]:
        """Ask for a token in vain and return status, error and AADSTS number."""
        response = self.http.post(f"/{tenant}/oauth2/{'v2.0/' if v2 else ''}token", data=form)
        body = response.json()
        assert body["error_description"].startswith(f"AADSTS{body['error_codes'][0]}: ")
        return response.status_code, body["error"], body["error_codes"][0]

    def password(self, user: int = 0, **changes: str) -> Any:
        """Sign a Contoso user in by password."""
        person = CONTOSO.users[user]
        form = {"grant_type": "password", "username": person.username, "password": person.password}
        return self.token(**(form | {"scope": EVERYTHING} | named(application(public=True)) | changes))

    def code(self, path: str = "oauth2/v2.0/authorize", **changes: str) -> dict[str, str]:
        """Sign Contoso's first user in by browser and return the parameters of the redirect."""
        query = {
            "client_id": application(public=True).client_id,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": EVERYTHING,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "login_hint": CONTOSO.users[0].username,
            "state": "s t&te",
        } | changes
        response = self.http.get(f"/common/{path}", params={k: v for k, v in query.items() if v})
        assert response.status_code == 302, response.text
        target = response.headers["location"]
        assert target.startswith(REDIRECT)
        parts = urlsplit(target)
        return dict(parse_qsl(parts.query or parts.fragment))

    def redeem(self, code: str) -> dict[str, Any]:
        """Return the form that redeems a code."""
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "client_id": application(public=True).client_id,
            "code_verifier": VERIFIER,
        }
