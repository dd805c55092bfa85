"""azure-identity, unmodified and by public options alone, gets tokens from the sandbox that its API takes."""

from typing import Any

import pytest
from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.transport import AsyncioRequestsTransport, RequestsTransport
from azure.identity import (
    AuthorizationCodeCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    UsernamePasswordCredential,
)
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

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
    is_the_applications,
    is_the_users,
    session,
)

SECRET = str(CONFIDENTIAL.client_secret)


def _azure(sandbox: Sandbox) -> dict[str, Any]:
    return {"authority": sandbox.base, "disable_instance_discovery": True}


def _token(credential: TokenCredential, *scopes: str) -> str:
    """Return a token, having seen that the credential keeps it."""
    first, second = credential.get_token(*scopes), credential.get_token(*scopes)
    assert first.token == second.token
    return first.token


@pytest.mark.parametrize("tenant", [CONTOSO, TENANT.domain])
def test_client_secret(trusted: Sandbox, tenant: str) -> None:
    with ClientSecretCredential(tenant, CONFIDENTIAL.client_id, SECRET, **_azure(trusted)) as credential:
        is_the_applications(trusted, _token(credential, *DEFAULT))


def test_environment(trusted: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told by the variables that it documents, as in a container."""
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", trusted.base)
    monkeypatch.setenv("AZURE_TENANT_ID", CONTOSO)
    monkeypatch.setenv("AZURE_CLIENT_ID", CONFIDENTIAL.client_id)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    with EnvironmentCredential(disable_instance_discovery=True) as credential:
        is_the_applications(trusted, _token(credential, *DEFAULT))


def test_trusts_a_file_it_is_given(trusted: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its option instead of the variable."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    options = _azure(trusted) | {"connection_verify": trusted.ca_file}
    with ClientSecretCredential(CONTOSO, CONFIDENTIAL.client_id, SECRET, **options) as credential:
        is_the_applications(trusted, _token(credential, *DEFAULT))


async def test_client_secret_async(trusted: Sandbox) -> None:
    """Over the transport that needs no other library than the sync one."""
    async with AsyncClientSecretCredential(
        CONTOSO, CONFIDENTIAL.client_id, SECRET, transport=AsyncioRequestsTransport(), **_azure(trusted)
    ) as credential:
        first, second = await credential.get_token(*DEFAULT), await credential.get_token(*DEFAULT)
    assert first.token == second.token
    is_the_applications(trusted, first.token)


@pytest.mark.parametrize(
    ("tenant", "secret", "told"),
    [(CONTOSO, "wrong", "AADSTS7000215"), ("nobody.example", SECRET, "double check your tenant name or GUID")],
)
def test_refusals(trusted: Sandbox, tenant: str, secret: str, told: str) -> None:
    """In its own exception, with the authority's words where MSAL hands them on."""
    with (
        ClientSecretCredential(tenant, CONFIDENTIAL.client_id, secret, **_azure(trusted)) as credential,
        pytest.raises(ClientAuthenticationError, match=told),
    ):
        credential.get_token(*DEFAULT)


def test_authorization_code(trusted: Sandbox) -> None:
    code = authorization_code(trusted)
    with AuthorizationCodeCredential(
        CONTOSO, CONFIDENTIAL.client_id, code, REDIRECT, client_secret=SECRET, **_azure(trusted)
    ) as credential:
        is_the_users(trusted, _token(credential, *IMPERSONATION))


def test_device_code(trusted: Sandbox) -> None:
    def tell(address: str, user_code: str, until: object) -> None:
        assert address == f"{trusted.base}/devicelogin"
        approve_device(trusted, user_code)

    options = _azure(trusted) | {"tenant_id": CONTOSO, "prompt_callback": tell}
    with DeviceCodeCredential(PUBLIC.client_id, **options) as credential:
        is_the_users(trusted, _token(credential, *IMPERSONATION))


def test_password(trusted: Sandbox) -> None:
    """It warns of itself; MSAL asks for the realm underneath."""
    with session(trusted) as http:
        options = _azure(trusted) | {"tenant_id": CONTOSO, "transport": RequestsTransport(session=http)}
        with pytest.warns(DeprecationWarning, match="aka.ms/azsdk/identity/mfa"):
            credential = UsernamePasswordCredential(PUBLIC.client_id, ADA.username, ADA.password, **options)
        with credential, pytest.warns(DeprecationWarning, match="public client flows"):
            token = credential.get_token(*IMPERSONATION).token
        is_the_users(trusted, token)
