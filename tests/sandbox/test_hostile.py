"""Whatever is sent, the authority answers in its own words and never falls over."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vetline.identity.issuer import TokenIssuer
from vetline.sandbox.authority.authority import Authority
from vetline.sandbox.contents.seeds import seeded_directory

from .client import CONTOSO, EVERYTHING, REDIRECT, RESOURCE, application
from .clock import HandClock

_AUTHORITY = Authority(seeded_directory(), TokenIssuer("http://127.0.0.1:8080"), HandClock())
_HTTP = TestClient(Starlette(routes=list(_AUTHORITY.routes())), follow_redirects=False)
_GRANTS = ["client_credentials", "password", "refresh_token", "authorization_code", "device_code"]
_FIELDS = (
    "grant_type client_id client_secret username password scope resource code refresh_token redirect_uri "
    "code_verifier response_type response_mode login_hint state nonce code_challenge code_challenge_method "
    "user_code device_code client_info prompt"
)
_NAMES = st.sampled_from(_FIELDS.split())
_USUAL = [
    *_GRANTS,
    application().client_id,
    application(public=True).client_id,
    "contoso-sandbox-secret",
    CONTOSO.users[0].username,
    "sandbox",
    EVERYTHING,
    RESOURCE,
    REDIRECT,
    "code id_token",
    "form_post",
    "S256",
    "1",
]
_FORM = st.dictionaries(_NAMES, st.sampled_from(_USUAL) | st.text(max_size=30), max_size=12)
_TENANT = st.sampled_from(["common", CONTOSO.tenant_id, CONTOSO.domain, "%00", "..%2f..", "{tenantid}", "a" * 500])
_VERSION = st.sampled_from(["", "v2.0/"])


@given(_TENANT, _VERSION, st.sampled_from(["token", "devicecode"]), _FORM)
def test_any_form_is_granted_or_refused(tenant: str, version: str, endpoint: str, form: dict[str, str]) -> None:
    answer = _HTTP.post(f"/{tenant}/oauth2/{version}{endpoint}", data=form)
    # 404 is the router's, for a tenant that turns out to be two segments.
    assert answer.status_code in (200, 400, 401, 404)
    assert answer.status_code == 404 or answer.headers["cache-control"] == "no-store"


@given(_VERSION, _FORM)
def test_any_authorization_request_stays_on_this_machine(version: str, query: dict[str, str]) -> None:
    answer = _HTTP.get(f"/common/oauth2/{version}authorize", params=query)
    assert answer.status_code in (200, 302, 400)
    assert answer.headers.get("location", REDIRECT).startswith(REDIRECT)


@given(_FORM)
def test_any_device_form_is_answered_with_a_page(form: dict[str, str]) -> None:
    assert _HTTP.post("/devicelogin", data=form).status_code in (200, 400)


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_any_bytes_are_answered(body: bytes, authorization: bytes) -> None:
    headers = {b"content-type": b"application/x-www-form-urlencoded", b"authorization": b"Basic " + authorization}
    answer = _HTTP.post("/common/oauth2/token", content=body, headers=headers)
    assert answer.status_code in (400, 401)


def test_after_a_reset_nobody_has_signed_in() -> None:
    form = {
        "grant_type": "password",
        "username": CONTOSO.users[0].username,
        "password": "sandbox",
        "client_id": application(public=True).client_id,
        "scope": EVERYTHING,
    }
    url = "/common/oauth2/v2.0/token"
    body = _HTTP.post(url, data=form).json()
    _AUTHORITY.forget()
    spent = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"], "client_id": form["client_id"]}
    assert _HTTP.post(url, data=spent).json()["error_codes"] == [70000]
