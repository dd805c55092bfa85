"""MSAL's applications as a user of it makes them, pointed at a sandbox, and the browser that they send people to."""

import contextlib
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msal  # type: ignore[import-untyped]
import requests
from requests.adapters import HTTPAdapter

from tests.support.partner import EDUCATION, qualifications
from tests.support.processes import CONTOSO, Sandbox
from vetline.sandbox.contents.seeds import seeded_directory

TENANT = seeded_directory().tenants[0]
CONFIDENTIAL, PUBLIC = TENANT.applications
ADA = TENANT.users[0]
RESOURCE = "https://api.partnercenter.microsoft.com"
DEFAULT = [f"{RESOURCE}/.default"]
IMPERSONATION = [f"{RESOURCE}/user_impersonation"]
OXFORD = "11111111-c0c0-4000-8000-000000000001"
REDIRECT = "http://localhost:5000/callback"


def confidential(sandbox: Sandbox, **changes: Any) -> Any:
    """Return Contoso's web application, as MSAL's documentation makes one."""
    settings = {
        "client_credential": CONFIDENTIAL.client_secret,
        "authority": f"{sandbox.base}/{CONTOSO}",
        "instance_discovery": False,
    }
    return msal.ConfidentialClientApplication(CONFIDENTIAL.client_id, **(settings | changes))


def public(sandbox: Sandbox, **changes: Any) -> Any:
    """Return Contoso's desktop application, as MSAL's documentation makes one."""
    settings = {"authority": f"{sandbox.base}/{CONTOSO}", "instance_discovery": False}
    return msal.PublicClientApplication(PUBLIC.client_id, **(settings | changes))


@contextlib.contextmanager
def session(sandbox: Sandbox) -> Iterator[requests.Session]:
    """Yield a session for MSAL that finds the sandbox where MSAL leaves its port out.

    MSAL asks for a user's realm at `https://HOST/common/userrealm/...`, whatever port the authority has.
    https://github.com/AzureAD/microsoft-authentication-library-for-python/blob/1.39.0/msal/authority.py
    """
    with requests.Session() as found:
        found.mount("https://127.0.0.1/", _WithPort(sandbox.base))
        yield found


class _WithPort(HTTPAdapter):
    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(self, request: requests.PreparedRequest, *more: Any, **settings: Any) -> requests.Response:
        request.url = f"{self._base}/{(request.url or '').partition('://')[2].partition('/')[2]}"
        return super().send(request, *more, **settings)


def approve_device(sandbox: Sandbox, user_code: str) -> None:
    """Enter a device's code and sign Ada in, as a browser does."""
    page = sandbox.http.post("/devicelogin", data={"user_code": user_code.lower()}).raise_for_status()
    assert ADA.username in page.text
    form = {"user_code": user_code, "username": ADA.username}
    assert "Signed in" in sandbox.http.post("/devicelogin", data=form).raise_for_status().text


def sign_in(sandbox: Sandbox, address: str) -> dict[str, str]:
    """Open an authorization request as Ada's browser does, and return what it posts to the application."""
    form = _Form()
    form.feed(sandbox.http.get(address).raise_for_status().text)
    return form.fields


def authorization_code(sandbox: Sandbox) -> str:
    """Sign Ada in for the web application and return the code; the address is written by hand."""
    query = {
        "client_id": CONFIDENTIAL.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": " ".join([*IMPERSONATION, "offline_access"]),
        "login_hint": ADA.username,
    }
    answer = sandbox.http.get(f"/{CONTOSO}/oauth2/v2.0/authorize", params=query)
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]


def is_the_applications(sandbox: Sandbox, token: str) -> None:
    """See that a token reads but changes nothing, as an application's own does.

    Source: https://learn.microsoft.com/partner-center/developer/update-a-customer-s-qualifications
    """
    asked = _asked(sandbox, token)
    assert (asked.status_code, asked.json()["code"]) == (403, "900329")


def is_the_users(sandbox: Sandbox, token: str) -> None:
    """See that a token reads and asks for a qualification."""
    asked = _asked(sandbox, token)
    assert (asked.status_code, asked.json()["vettingStatus"]) == (201, "InReview")


def _asked(sandbox: Sandbox, token: str) -> Any:
    """Read a customer's qualifications with a token, ask for one, and return the second answer."""
    bearer = {"Authorization": f"Bearer {token}"}
    assert sandbox.http.get(qualifications(OXFORD), headers=bearer).status_code == 200
    return sandbox.http.post(qualifications(OXFORD), headers=bearer, json=EDUCATION)


class _Form(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep what would be posted."""
        found = dict(attributes)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found.get("name") or ""] = found.get("value") or ""
