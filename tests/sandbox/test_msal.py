"""MSAL, unmodified and by public options alone, gets tokens from the sandbox that its API takes."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.support.processes import CONTOSO, Sandbox
from tests.support.real_credentials import (
    ADA,
    DEFAULT,
    IMPERSONATION,
    REDIRECT,
    TENANT,
    approve_device,
    authorization_code,
    confidential,
    is_the_applications,
    is_the_users,
    public,
    session,
    sign_in,
)


@pytest.mark.parametrize(
    "options",
    [
        lambda base: {"instance_discovery": False},
        lambda base: {"instance_discovery": None, "validate_authority": False},
        lambda base: {"authority": f"{base}/{TENANT.domain}"},
        lambda base: {"authority": f"{base}/{CONTOSO}/"},
        lambda base: {"authority": None, "oidc_authority": f"{base}/{CONTOSO}/v2.0"},
    ],
    ids=["instance_discovery", "validate_authority", "domain", "slash", "oidc_authority"],
)
def test_application(trusted: Sandbox, options: Callable[[str], dict[str, Any]]) -> None:
    """By a secret, whichever way MSAL is told that the authority is known; the second time from its cache."""
    application = confidential(trusted, **options(trusted.base))
    first, second = (application.acquire_token_for_client(DEFAULT) for _ in range(2))
    assert [first["token_source"], second["token_source"]] == ["identity_provider", "cache"]
    assert first["access_token"] == second["access_token"]
    is_the_applications(trusted, first["access_token"])


def test_wrong_secret(trusted: Sandbox) -> None:
    """MSAL hands on what the authority says, in Entra's words."""
    answer = confidential(trusted, client_credential="wrong").acquire_token_for_client(DEFAULT)
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [7000215])
    assert answer["error_description"].startswith("AADSTS7000215: ")
    assert "wrong" not in answer["error_description"]


def test_unknown_tenant(trusted: Sandbox) -> None:
    """MSAL says so in its own words, when the application is made."""
    with pytest.raises(ValueError, match="double check your tenant name or GUID"):
        confidential(trusted, authority=f"{trusted.base}/nobody.example")


def test_authorization_code_flow(trusted: Sandbox) -> None:
    """The whole flow: MSAL makes state, nonce and challenge, and checks the id token itself."""
    answer = _signed_in(trusted)
    assert answer["id_token_claims"]["preferred_username"] == ADA.username
    is_the_users(trusted, answer["access_token"])


def _signed_in(sandbox: Sandbox) -> Any:
    application = confidential(sandbox)
    flow = application.initiate_auth_code_flow(
        IMPERSONATION, redirect_uri=REDIRECT, login_hint=ADA.username, response_mode="form_post"
    )
    return application.acquire_token_by_auth_code_flow(flow, sign_in(sandbox, flow["auth_uri"]))


def test_authorization_code(trusted: Sandbox) -> None:
    """The older way, which asks for no challenge; a code is good once."""
    application, code = confidential(trusted), authorization_code(trusted)
    with pytest.warns(DeprecationWarning, match="acquire_token_by_auth_code_flow"):
        answer, again = (
            application.acquire_token_by_authorization_code(code, IMPERSONATION, redirect_uri=REDIRECT)
            for _ in range(2)
        )
    is_the_users(trusted, answer["access_token"])
    assert (again["error"], again["error_codes"]) == ("invalid_grant", [54005])


def test_refresh_token(trusted: Sandbox) -> None:
    """Kept in a vault, as the secure application model does: each is good once, and its answer carries the next.

    Source: https://learn.microsoft.com/partner-center/developer/enable-secure-app-model
    """
    token, seen = _signed_in(trusted)["refresh_token"], list[str]()
    for _ in range(3):
        seen.append(token)
        # Another application without a cache, as another run of the same job.
        answer = confidential(trusted).acquire_token_by_refresh_token(token, IMPERSONATION)
        token = answer["refresh_token"]
        assert token not in seen
    is_the_users(trusted, answer["access_token"])
    stale = confidential(trusted).acquire_token_by_refresh_token(seen[-1], IMPERSONATION)
    assert stale["error"] == "invalid_grant"


@pytest.mark.parametrize("tenant", [CONTOSO, "common", "organizations"])
def test_device_code(trusted: Sandbox, tenant: str) -> None:
    """MSAL polls in vain once, then somebody enters the code in a browser."""
    application = public(trusted, authority=f"{trusted.base}/{tenant}")
    flow = application.initiate_device_flow(IMPERSONATION)
    assert flow["verification_uri"] == f"{trusted.base}/devicelogin"
    assert (flow["interval"], flow["expires_in"]) == (5, 900)
    flow["interval"] = 1  # the loop is the caller's to hasten; the authority does not mind
    polled = threading.Event()

    def approve() -> None:
        assert polled.wait(30)
        approve_device(trusted, flow["user_code"])

    person = threading.Thread(target=approve)
    person.start()
    answer = application.acquire_token_by_device_flow(flow, exit_condition=lambda _: polled.set())
    person.join()
    is_the_users(trusted, answer["access_token"])


def test_silent(trusted: Sandbox) -> None:
    """The cache knows the account: its token, then a new one by the refresh token that it kept."""
    application = public(trusted)
    flow = application.initiate_device_flow(IMPERSONATION)
    approve_device(trusted, flow["user_code"])
    first = application.acquire_token_by_device_flow(flow)
    (account,) = application.get_accounts(ADA.username)
    assert account["realm"] == CONTOSO
    kept = application.acquire_token_silent(IMPERSONATION, account)
    assert (kept["token_source"], kept["access_token"]) == ("cache", first["access_token"])
    for scopes in (IMPERSONATION, DEFAULT):
        fresh = application.acquire_token_silent(scopes, account, force_refresh=True)
        assert fresh["token_source"] == "identity_provider"
        assert fresh["access_token"] != first["access_token"]
    is_the_users(trusted, fresh["access_token"])


def test_password(trusted: Sandbox) -> None:
    """The historic grant: MSAL asks for the user's realm first, and warns of it itself."""
    with session(trusted) as http:
        application = public(trusted, http_client=http)
        with pytest.warns(DeprecationWarning, match="public client flows"):
            answer = application.acquire_token_by_username_password(ADA.username, ADA.password, IMPERSONATION)
        is_the_users(trusted, answer["access_token"])
        with pytest.warns(DeprecationWarning, match="public client flows"):
            wrong = application.acquire_token_by_username_password(ADA.username, "wrong", IMPERSONATION)
    assert (wrong["error"], wrong["error_codes"]) == ("invalid_grant", [50126])


def test_trusts_no_stranger(trusted: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the authority's file that makes the difference."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with pytest.raises(requests.exceptions.SSLError):
        confidential(trusted)
    assert "access_token" in confidential(trusted, verify=trusted.ca_file).acquire_token_for_client(DEFAULT)
