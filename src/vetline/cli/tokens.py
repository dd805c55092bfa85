"""Gets an access token from a running sandbox, as any client would."""

import ssl
from pathlib import Path
from typing import Any

import httpx2

SCOPE = "https://api.partnercenter.microsoft.com/.default"
_ABOUT_TRUST = "Give --ca-file the file that the sandbox logs as ca_file; with --data it is ca.pem in that folder."


class TokenError(Exception):
    """No token can be had; the sentence says what to do."""


def token_from(base_url: str, partner: str, *, app_only: bool, reviewer: bool, ca_file: Path | None = None) -> str:
    """Return an access token.

    Parameters:
        base_url: where the sandbox answers.
        partner: the beginning of the partner's name, in any case.
        app_only: for the application alone.
        reviewer: for a reviewer instead.
        ca_file: the certificate authority to trust; `None` for those that the machine trusts.

    Raises:
        TokenError: there is no sandbox or it is not trusted, or it has no such partner.
    """
    try:
        with httpx2.Client(base_url=base_url, timeout=10, verify=_trusted(ca_file)) as client:
            info = client.get("/sandbox/info").raise_for_status().json()
            tenant = info["reviewDesk"] if reviewer else _partner(info, partner)
            form = _form(tenant, app_only=app_only)
            answer = client.post(f"/{tenant['tenantId']}/oauth2/v2.0/token", data=form).raise_for_status()
    except httpx2.HTTPError as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise TokenError(f"{base_url} is not trusted ({error}). {_ABOUT_TRUST}") from error
        raise TokenError(f"No sandbox answers at {base_url} ({error}). Start one with `vetline sandbox`.") from error
    return str(answer.json()["access_token"])


def _trusted(ca_file: Path | None) -> ssl.SSLContext | bool:
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # an SSLError is one too
        raise TokenError(f"{ca_file} holds no certificate that can be read ({error}). {_ABOUT_TRUST}") from error


def _partner(info: dict[str, Any], name: str) -> dict[str, Any]:
    partners: list[dict[str, Any]] = info["partners"]
    for partner in partners:
        if partner["name"].lower().startswith(name.lower()):
            return partner
    known = ", ".join(partner["name"] for partner in partners)
    raise TokenError(f"The sandbox has no partner whose name begins with '{name}'. It has: {known}.")


def _form(tenant: dict[str, Any], *, app_only: bool) -> dict[str, str]:
    application = [*tenant["applications"], *tenant["publicApplications"]][0]
    form = {"client_id": application["clientId"], "scope": SCOPE}
    if "clientSecret" in application:
        form["client_secret"] = application["clientSecret"]
    if app_only:
        return form | {"grant_type": "client_credentials"}
    user = next(user for user in tenant["users"] if user["mfa"])
    return form | {"grant_type": "password", "username": user["username"], "password": user["password"]}
