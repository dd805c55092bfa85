"""Signing in by browser: codes and their proof, where they may be sent, and pages that give nothing away."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.sandbox.authority.sign_in import is_allowed_redirect
from vetline.sandbox.contents.directory import SandboxTenant
from vetline.sandbox.contents.seeds import CONSOLE_APPLICATION

from .client import (
    CHALLENGE,
    CONTOSO,
    EVERYTHING,
    FABRIKAM,
    OPERATOR,
    REDIRECT,
    RESOURCE,
    VERIFIER,
    Authority,
    application,
    claims,
    named,
)
from .clock import HandClock

_BASE = "http://127.0.0.1:8080"


def test_a_code_is_exchanged_for_tokens(authority: Authority) -> None:
    answer = authority.code(nonce="n")
    assert answer["state"] == "s t&te"
    body = authority.token("common", **authority.redeem(answer["code"]))
    assert claims(body["access_token"])["upn"] == CONTOSO.users[0].username
    assert claims(body["id_token"])["nonce"] == "n"
    refreshed = authority.token(
        grant_type="refresh_token", refresh_token=body["refresh_token"], **named(application(public=True))
    )
    assert "access_token" in refreshed


@pytest.mark.parametrize("verifier", ["w" * 64, "", CHALLENGE, "\ufffd"])
def test_another_verifier_is_refused(authority: Authority, verifier: str) -> None:
    form = authority.redeem(authority.code()["code"]) | {"code_verifier": verifier}
    assert authority.refused(**form) == (400, "invalid_grant", 501481)


def test_a_code_is_good_once_and_its_second_use_ends_what_came_of_it(authority: Authority) -> None:
    form = authority.redeem(authority.code()["code"])
    body = authority.token(**form)
    assert authority.refused(**form) == (400, "invalid_grant", 54005)
    spent = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"], "client_id": form["client_id"]}
    assert authority.refused(**spent) == (400, "invalid_grant", 70000)


def test_a_code_lapses_after_ten_minutes(authority: Authority, clock: HandClock) -> None:
    form = authority.redeem(authority.code()["code"])
    clock.advance(minutes=10)
    assert authority.refused(**form) == (400, "invalid_grant", 70008)


def test_a_code_is_its_clients_and_its_redirects_alone(authority: Authority) -> None:
    form = authority.redeem(authority.code()["code"])
    assert authority.refused(**(form | named(application()))) == (400, "invalid_grant", 9002313)
    assert authority.refused(**(form | {"redirect_uri": "http://localhost:1/"})) == (400, "invalid_grant", 500112)
    assert authority.refused(**(form | {"code": "made-up"})) == (400, "invalid_grant", 9002313)
    assert authority.token(**form)


def test_without_a_challenge_the_client_must_have_a_secret(authority: Authority) -> None:
    bare = {"code_challenge": "", "code_challenge_method": ""}
    public = authority.redeem(authority.code(**bare)["code"])
    assert authority.refused(**public) == (400, "invalid_request", 9002325)
    secret = named(application())
    form = authority.redeem(authority.code(**bare, client_id=secret["client_id"])["code"])
    assert authority.refused(**(form | {"client_id": secret["client_id"]})) == (401, "invalid_client", 7000218)
    assert authority.token(**(form | secret))


def test_v1_asks_for_the_resource_when_it_redeems(authority: Authority) -> None:
    answer = authority.code("oauth2/authorize", scope="")
    body = authority.token(v2=False, **authority.redeem(answer["code"]), resource="https://graph.windows.net")
    assert body["resource"] == "https://graph.windows.net"
    answer = authority.code("oauth2/authorize", scope="", resource=f"{RESOURCE}/")
    body = authority.token(v2=False, **authority.redeem(answer["code"]))
    assert claims(body["access_token"])["aud"] == f"{RESOURCE}/"


def test_a_hybrid_answer_binds_the_code_to_the_id_token(authority: Authority) -> None:
    answer = authority.code(response_type="code id_token", nonce="n", response_mode="")
    identity = claims(answer["id_token"])
    half = sha256(answer["code"].encode()).digest()[:16]
    assert identity["c_hash"] == urlsafe_b64encode(half).rstrip(b"=").decode()
    assert identity["nonce"] == "n"


def _query(**changes: str) -> dict[str, str]:
    return {
        "client_id": application(public=True).client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": EVERYTHING,
    } | changes


def test_an_answer_may_be_posted(authority: Authority) -> None:
    hint = CONTOSO.users[0].username
    query = _query(response_mode="form_post", login_hint=hint, state='"><script>alert(1)</script>')
    page = authority.http.get("/common/oauth2/v2.0/authorize", params=query)
    assert f'action="{REDIRECT}"' in page.text
    assert 'name="code"' in page.text
    assert "<script>alert" not in page.text


def test_without_a_hint_somebody_chooses(authority: Authority) -> None:
    query = _query(state='"><img src=x>', prompt="select_account", login_hint=CONTOSO.users[0].username)
    page = authority.http.get("/common/oauth2/v2.0/authorize", params=query)
    assert page.status_code == 200
    assert all(user.username in page.text for user in CONTOSO.users)
    assert "<img" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    link = page.text.split('<a href="')[1].split('"')[0].replace("&amp;", "&")
    chosen = authority.http.get(f"/common/oauth2/v2.0/authorize{link}")
    assert chosen.status_code == 302
    assert chosen.headers["location"].startswith(f"{REDIRECT}?code=")


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"redirect_uri": "https://evil.example/"}, 50011),
        ({"redirect_uri": ""}, 900144),
        ({"client_id": "<b>"}, 700016),
        ({"response_type": "token"}, 70004),
        ({"response_type": "id_token"}, 70004),
        ({"response_mode": "web_message"}, 70004),
        ({"scope": ""}, 900144),
        ({"scope": "https://evil.example/.default"}, 500011),
        ({"code_challenge": CHALLENGE}, 9002325),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, 9002325),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, 9002325),
        ({"state": "s" * 3000}, 9000411),
    ],
)
def test_an_unsound_request_is_told_on_the_page_and_never_redirected(
    authority: Authority, changes: dict[str, str], number: int
) -> None:
    page = authority.http.get(
        "/common/oauth2/v2.0/authorize", params=_query(login_hint=CONTOSO.users[0].username, **changes)
    )
    assert page.status_code == 400
    assert f"AADSTS{number}:" in page.text
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("http://localhost", True),
        ("http://localhost:8400/callback?x=1", True),
        ("https://127.0.0.1:1/", True),
        ("http://[::1]:5/", True),
        ("http://LOCALHOST/", True),
        ("https://login.microsoftonline.com/common/oauth2/nativeclient", True),
        (f"{_BASE}/common/oauth2/nativeclient", True),
        ("https://login.microsoftonline.com/common/oauth2/nativeclient/..", False),
        ("https://evil.example/", False),
        ("http://localhost.evil.example/", False),
        ("http://localhost@evil.example/", False),
        ("http://evil.example\\@localhost/", False),
        ("http://localhost\\.evil.example/", False),
        ("http://localhost/#fragment", False),
        ("http://localhost:99999/", False),
        ("http://[::1/", False),
        ("//localhost/", False),
        ("javascript://localhost/%0aalert(1)", False),
        ("http://localhost/\r\nSet-Cookie: a=b", False),
        ("http:///localhost", False),
        ("http://localhost/" + "x" * 3000, False),
    ],
)
def test_codes_are_sent_to_this_machine_only(uri: str, allowed: bool) -> None:
    assert is_allowed_redirect(uri, _BASE) is allowed


@given(st.text())
def test_any_text_is_judged(uri: str) -> None:
    assert is_allowed_redirect(uri, _BASE) is False


class TestDevice:
    """A device shows a code, somebody enters it elsewhere, and the device gets its token once."""

    @staticmethod
    def begin(authority: Authority, v2: bool = True) -> Any:
        """Ask for a device's codes."""
        form = {"client_id": application(public=True).client_id} | ({"scope": EVERYTHING} if v2 else {})
        path = "oauth2/v2.0/devicecode" if v2 else "oauth2/devicecode"
        return authority.http.post(f"/organizations/{path}", data=form | {"resource": RESOURCE}).json()

    @staticmethod
    def poll(device: Any) -> dict[str, Any]:
        """Return the form a v2 device polls with."""
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": device["device_code"],
            "client_id": application(public=True).client_id,
        }

    def test_it_waits_until_a_user_is_chosen(self, authority: Authority) -> None:
        device = self.begin(authority)
        assert device["verification_uri"] == f"{_BASE}/devicelogin"
        assert (device["expires_in"], device["interval"]) == (900, 5)
        assert authority.refused(**self.poll(device)) == (400, "authorization_pending", 70016)
        typed = {"user_code": f" {device['user_code'][:4]}-{device['user_code'][4:].lower()} "}
        assert authority.http.get("/devicelogin").status_code == 200
        choice = authority.http.post("/devicelogin", data=typed)
        assert CONTOSO.users[1].username in choice.text
        assert (
            "Signed in"
            in authority.http.post("/devicelogin", data=typed | {"username": CONTOSO.users[1].username}).text
        )
        body = authority.token("common", **self.poll(device))
        assert claims(body["access_token"])["amr"] == ["pwd"]
        assert "refresh_token" in body
        assert authority.refused(**self.poll(device)) == (400, "bad_verification_code", 70019)
        assert authority.http.post("/devicelogin", data=typed).status_code == 400

    def test_v1_has_other_names(self, authority: Authority) -> None:
        device = self.begin(authority, v2=False)
        assert (device["expires_in"], device["interval"]) == ("900", "5")
        assert device["verification_url"] == f"{_BASE}/devicelogin"
        authority.http.post(
            "/devicelogin", data={"user_code": device["user_code"], "username": CONTOSO.users[0].username}
        )
        form = {"grant_type": "device_code", "code": device["device_code"], "resource": RESOURCE}
        body = authority.token(v2=False, **form, client_id=application(public=True).client_id)
        assert body["resource"] == RESOURCE

    def test_it_lapses_after_fifteen_minutes(self, authority: Authority, clock: HandClock) -> None:
        device = self.begin(authority)
        clock.advance(minutes=15)
        assert authority.refused(**self.poll(device)) == (400, "expired_token", 70020)
        assert authority.http.post("/devicelogin", data={"user_code": device["user_code"]}).status_code == 400

    def test_it_is_its_clients_alone(self, authority: Authority) -> None:
        form = self.poll(self.begin(authority)) | named(application())
        assert authority.refused(**form) == (400, "bad_verification_code", 70019)

    def test_it_must_say_what_it_asks_for(self, authority: Authority) -> None:
        answer = authority.http.post("/common/oauth2/v2.0/devicecode", data=named(application(public=True)))
        assert answer.json()["error_codes"] == [900144]

    def test_another_sites_page_cannot_approve_it(self, authority: Authority) -> None:
        device = self.begin(authority)
        form = {"user_code": device["user_code"], "username": CONTOSO.users[0].username}
        answer = authority.http.post("/devicelogin", data=form, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 400
        assert authority.refused(**self.poll(device)) == (400, "authorization_pending", 70016)


_CONSOLE = {"client_id": CONSOLE_APPLICATION, "redirect_uri": f"{_BASE}/console/signed-in", "scope": "openid profile"}


def _console_query(**changes: str) -> dict[str, str]:
    return _query(**_CONSOLE) | {"code_challenge": CHALLENGE, "code_challenge_method": "S256", "nonce": "n"} | changes


@pytest.mark.parametrize("tenant", ["common", "organizations"])
def test_a_multi_tenant_application_lets_everybody_choose(authority: Authority, tenant: str) -> None:
    """Grouped by organisation, and in plain words who each of them is."""
    page = authority.http.get(f"/{tenant}/oauth2/v2.0/authorize", params=_console_query()).text
    for one in (CONTOSO, FABRIKAM, OPERATOR):
        assert f"<h2>{one.name}</h2>" in page
        assert all(user.username in page for user in one.users)
    for words in (
        "partner user, with MFA",
        "partner user, without MFA",
        "reviewer, with",
        "reviewer and administrator",
    ):
        assert words in page


def test_in_a_tenant_it_lets_only_that_tenants_people_choose(authority: Authority) -> None:
    """The application is another tenant's, but serves this one too."""
    page = authority.http.get(f"/{CONTOSO.tenant_id}/oauth2/v2.0/authorize", params=_console_query()).text
    assert [user.username in page for user in (*CONTOSO.users, *FABRIKAM.users)] == [True, True, False, False]


@pytest.mark.parametrize("tenant", [CONTOSO, FABRIKAM, OPERATOR])
def test_tokens_of_a_multi_tenant_application_are_their_own_tenants(
    authority: Authority, tenant: SandboxTenant
) -> None:
    """Whoever signs in, the id token names their home, their second factor and their roles."""
    user = tenant.users[0]
    answer = authority.http.get("/organizations/oauth2/v2.0/authorize", params=_console_query(login_hint=user.username))
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    form: dict[str, Any] = {
        "client_id": CONSOLE_APPLICATION,
        "code": code,
        "code_verifier": VERIFIER,
        "grant_type": "authorization_code",
    }
    found = claims(authority.token("organizations", **form, redirect_uri=_CONSOLE["redirect_uri"])["id_token"])
    assert (found["tid"], found["oid"], found["nonce"]) == (tenant.tenant_id, user.object_id, "n")
    assert found["iss"] == f"{_BASE}/{tenant.tenant_id}/v2.0"
    assert (found["amr"], bool(found["wids"])) == (["pwd", "mfa"], tenant is not OPERATOR)


def test_an_application_of_one_tenant_serves_no_other(authority: Authority) -> None:
    """Only those that say so are multi-tenant."""
    page = authority.http.get(f"/{FABRIKAM.tenant_id}/oauth2/v2.0/authorize", params=_query())
    assert (page.status_code, "AADSTS700016" in page.text) == (400, True)


def test_signing_out_has_a_page(authority: Authority) -> None:
    """The one that the configuration names."""
    found = authority.http.get("/organizations/v2.0/.well-known/openid-configuration").json()
    page = authority.http.get(found["end_session_endpoint"])
    assert (page.status_code, "Signed out" in page.text) == (200, True)
