"""MSAL and azure-identity, unmodified and by public options alone, get tokens from the sandbox that its API takes."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.transport import AsyncioRequestsTransport, RequestsTransport
from azure.identity import (
    AuthorizationCodeCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    UsernamePasswordCredential,
)
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

from tests.support.partner import EDUCATION, qualifications
from tests.support.processes import CONTOSO, Sandbox
from tests.support.real_credentials import (
    ADA,
    CONFIDENTIAL,
    DEFAULT,
    IMPERSONATION,
    PUBLIC,
    REDIRECT,
    TENANT,
    approve_device,
    authorization_code,
    confidential,
    public,
    session,
    sign_in,
)

OXFORD = "11111111-c0c0-4000-8000-000000000001"
SECRET = str(CONFIDENTIAL.client_secret)


@pytest.fixture
def authority(tls_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A fresh sandbox whose certificate the libraries trust, on a machine with no way out."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", tls_sandbox.ca_file)
    find = socket.getaddrinfo

    def find_here(host: Any, *more: Any, **settings: Any) -> Any:
        assert host in ("127.0.0.1", "localhost"), f"a library looked for {host}"
        return find(host, *more, **settings)

    monkeypatch.setattr(socket, "getaddrinfo", find_here)
    return tls_sandbox


def _is_the_applications(sandbox: Sandbox, token: str) -> None:
    """It reads, but changes nothing: https://learn.microsoft.com/partner-center/developer/update-a-customer-s-qualifications"""
    asked = _asked(sandbox, token)
    assert (asked.status_code, asked.json()["code"]) == (403, "900329")


def _is_the_users(sandbox: Sandbox, token: str) -> None:
    asked = _asked(sandbox, token)
    assert (asked.status_code, asked.json()["vettingStatus"]) == (201, "InReview")


def _asked(sandbox: Sandbox, token: str) -> Any:
    """Read a customer's qualifications with a token, ask for one, and return the second answer."""
    bearer = {"Authorization": f"Bearer {token}"}
    assert sandbox.http.get(qualifications(OXFORD), headers=bearer).status_code == 200
    return sandbox.http.post(qualifications(OXFORD), headers=bearer, json=EDUCATION)


# MSAL


@pytest.mark.parametrize(
    "options",
    [
        lambda base: {"instance_discovery": False},
        lambda base: {"instance_discovery": None, "validate_authority": False},
        lambda base: {"authority": f"{base}/{TENANT.domain}"},
        lambda base: {"authority": None, "oidc_authority": f"{base}/{CONTOSO}/v2.0"},
    ],
    ids=["instance_discovery", "validate_authority", "domain", "oidc_authority"],
)
def test_msal_application(authority: Sandbox, options: Callable[[str], dict[str, Any]]) -> None:
    """By a secret, whichever way MSAL is told that the authority is known; the second time from its cache."""
    application = confidential(authority, **options(authority.base))
    first, second = (application.acquire_token_for_client(DEFAULT) for _ in range(2))
    assert [first["token_source"], second["token_source"]] == ["identity_provider", "cache"]
    assert first["access_token"] == second["access_token"]
    _is_the_applications(authority, first["access_token"])


def test_msal_wrong_secret(authority: Sandbox) -> None:
    """MSAL hands on what the authority says, in Entra's words."""
    answer = confidential(authority, client_credential="wrong").acquire_token_for_client(DEFAULT)
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [7000215])
    assert answer["error_description"].startswith("AADSTS7000215: ")
    assert "wrong" not in answer["error_description"]


def test_msal_unknown_tenant(authority: Sandbox) -> None:
    """MSAL says so in its own words, when the application is made."""
    with pytest.raises(ValueError, match="double check your tenant name or GUID"):
        confidential(authority, authority=f"{authority.base}/nobody.example")


def test_msal_authorization_code_flow(authority: Sandbox) -> None:
    """The whole flow: MSAL makes state, nonce and challenge, and checks the id token itself."""
    answer = _signed_in(authority)
    assert answer["id_token_claims"]["preferred_username"] == ADA.username
    _is_the_users(authority, answer["access_token"])


def _signed_in(sandbox: Sandbox) -> Any:
    application = confidential(sandbox)
    flow = application.initiate_auth_code_flow(
        IMPERSONATION, redirect_uri=REDIRECT, login_hint=ADA.username, response_mode="form_post"
    )
    return application.acquire_token_by_auth_code_flow(flow, sign_in(sandbox, flow["auth_uri"]))


def test_msal_authorization_code(authority: Sandbox) -> None:
    """The older way, which asks for no challenge; a code is good once."""
    application, code = confidential(authority), authorization_code(authority)
    with pytest.warns(DeprecationWarning, match="acquire_token_by_auth_code_flow"):
        answer, again = (
            application.acquire_token_by_authorization_code(code, IMPERSONATION, redirect_uri=REDIRECT)
            for _ in range(2)
        )
    _is_the_users(authority, answer["access_token"])
    assert (again["error"], again["error_codes"]) == ("invalid_grant", [54005])


def test_msal_refresh_token(authority: Sandbox) -> None:
    """Kept in a vault, as the secure application model does: each is good once, and its answer carries the next.

    Source: https://learn.microsoft.com/partner-center/developer/enable-secure-app-model
    """
    token, seen = _signed_in(authority)["refresh_token"], list[str]()
    for _ in range(3):
        seen.append(token)
        # Another application without a cache, as another run of the same job.
        answer = confidential(authority).acquire_token_by_refresh_token(token, IMPERSONATION)
        token = answer["refresh_token"]
        assert token not in seen
    _is_the_users(authority, answer["access_token"])
    stale = confidential(authority).acquire_token_by_refresh_token(seen[-1], IMPERSONATION)
    assert stale["error"] == "invalid_grant"


@pytest.mark.parametrize("tenant", [CONTOSO, "common", "organizations"])
def test_msal_device_code(authority: Sandbox, tenant: str) -> None:
    """MSAL polls in vain once, then somebody enters the code in a browser."""
    application = public(authority, authority=f"{authority.base}/{tenant}")
    flow = application.initiate_device_flow(IMPERSONATION)
    assert flow["verification_uri"] == f"{authority.base}/devicelogin"
    assert (flow["interval"], flow["expires_in"]) == (5, 900)
    flow["interval"] = 1  # the loop is the caller's to hasten; the authority does not mind
    polled = threading.Event()

    def approve() -> None:
        assert polled.wait(30)
        approve_device(authority, flow["user_code"])

    person = threading.Thread(target=approve)
    person.start()
    answer = application.acquire_token_by_device_flow(flow, exit_condition=lambda _: polled.set())
    person.join()
    _is_the_users(authority, answer["access_token"])


def test_msal_silent(authority: Sandbox) -> None:
    """The cache knows the account: its token, then a new one by the refresh token that it kept."""
    application = public(authority)
    flow = application.initiate_device_flow(IMPERSONATION)
    approve_device(authority, flow["user_code"])
    first = application.acquire_token_by_device_flow(flow)
    (account,) = application.get_accounts(ADA.username)
    assert account["realm"] == CONTOSO
    kept = application.acquire_token_silent(IMPERSONATION, account)
    assert (kept["token_source"], kept["access_token"]) == ("cache", first["access_token"])
    for scopes in (IMPERSONATION, DEFAULT):
        fresh = application.acquire_token_silent(scopes, account, force_refresh=True)
        assert fresh["token_source"] == "identity_provider"
        assert fresh["access_token"] != first["access_token"]
    _is_the_users(authority, fresh["access_token"])


def test_msal_password(authority: Sandbox) -> None:
    """The historic grant: MSAL asks for the user's realm first, and warns of it itself."""
    with session(authority) as http:
        application = public(authority, http_client=http)
        with pytest.warns(DeprecationWarning, match="public client flows"):
            answer = application.acquire_token_by_username_password(ADA.username, ADA.password, IMPERSONATION)
        _is_the_users(authority, answer["access_token"])
        with pytest.warns(DeprecationWarning, match="public client flows"):
            wrong = application.acquire_token_by_username_password(ADA.username, "wrong", IMPERSONATION)
    assert (wrong["error"], wrong["error_codes"]) == ("invalid_grant", [50126])


def test_msal_trusts_no_stranger(authority: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the authority's file that makes the difference."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with pytest.raises(requests.exceptions.SSLError):
        confidential(authority)
    assert "access_token" in confidential(authority, verify=authority.ca_file).acquire_token_for_client(DEFAULT)


# azure-identity


def _azure(sandbox: Sandbox) -> dict[str, Any]:
    return {"authority": sandbox.base, "disable_instance_discovery": True}


def _token(credential: TokenCredential, *scopes: str) -> str:
    """Return a token, having seen that the credential keeps it."""
    first, second = credential.get_token(*scopes), credential.get_token(*scopes)
    assert first.token == second.token
    return first.token


@pytest.mark.parametrize("tenant", [CONTOSO, TENANT.domain])
def test_azure_client_secret(authority: Sandbox, tenant: str) -> None:
    with ClientSecretCredential(tenant, CONFIDENTIAL.client_id, SECRET, **_azure(authority)) as credential:
        _is_the_applications(authority, _token(credential, *DEFAULT))


def test_azure_trusts_a_file_it_is_given(authority: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its option instead of the variable."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    options = _azure(authority) | {"connection_verify": authority.ca_file}
    with ClientSecretCredential(CONTOSO, CONFIDENTIAL.client_id, SECRET, **options) as credential:
        _is_the_applications(authority, _token(credential, *DEFAULT))


async def test_azure_client_secret_async(authority: Sandbox) -> None:
    """Over the transport that needs no other library than the sync one."""
    async with AsyncClientSecretCredential(
        CONTOSO, CONFIDENTIAL.client_id, SECRET, transport=AsyncioRequestsTransport(), **_azure(authority)
    ) as credential:
        first, second = await credential.get_token(*DEFAULT), await credential.get_token(*DEFAULT)
    assert first.token == second.token
    _is_the_applications(authority, first.token)


@pytest.mark.parametrize(
    ("tenant", "secret", "told"),
    [(CONTOSO, "wrong", "AADSTS7000215"), ("nobody.example", SECRET, "double check your tenant name or GUID")],
)
def test_azure_refusals(authority: Sandbox, tenant: str, secret: str, told: str) -> None:
    """In its own exception, with the authority's words where MSAL hands them on."""
    with (
        ClientSecretCredential(tenant, CONFIDENTIAL.client_id, secret, **_azure(authority)) as credential,
        pytest.raises(ClientAuthenticationError, match=told),
    ):
        credential.get_token(*DEFAULT)


def test_azure_authorization_code(authority: Sandbox) -> None:
    code = authorization_code(authority)
    with AuthorizationCodeCredential(
        CONTOSO, CONFIDENTIAL.client_id, code, REDIRECT, client_secret=SECRET, **_azure(authority)
    ) as credential:
        _is_the_users(authority, _token(credential, *IMPERSONATION))


def test_azure_device_code(authority: Sandbox) -> None:
    def tell(address: str, user_code: str, until: object) -> None:
        assert address == f"{authority.base}/devicelogin"
        approve_device(authority, user_code)

    options = _azure(authority) | {"tenant_id": CONTOSO, "prompt_callback": tell}
    with DeviceCodeCredential(PUBLIC.client_id, **options) as credential:
        _is_the_users(authority, _token(credential, *IMPERSONATION))


def test_azure_password(authority: Sandbox) -> None:
    """It warns of itself; MSAL asks for the realm underneath."""
    with session(authority) as http:
        options = _azure(authority) | {"tenant_id": CONTOSO, "transport": RequestsTransport(session=http)}
        with pytest.warns(DeprecationWarning, match="aka.ms/azsdk/identity/mfa"):
            credential = UsernamePasswordCredential(PUBLIC.client_id, ADA.username, ADA.password, **options)
        with credential, pytest.warns(DeprecationWarning, match="public client flows"):
            token = credential.get_token(*IMPERSONATION).token
        _is_the_users(authority, token)
