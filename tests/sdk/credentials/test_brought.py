"""The client with the credentials that its users have: azure-identity and MSAL, unmodified, over TLS."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.pipeline.transport import AsyncioRequestsTransport
from azure.identity import ClientSecretCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

from tests.support.processes import CONTOSO, Sandbox
from tests.support.real_credentials import (
    CONFIDENTIAL,
    DEFAULT,
    IMPERSONATION,
    OXFORD,
    PUBLIC,
    approve_device,
    authorization_code,
    confidential,
    public,
)
from vetline import AsyncPartnerCenter, PartnerCenter
from vetline.sdk.credentials import ClientSecret, DeviceCode, DevicePrompt, RefreshToken
from vetline.sdk.errors import CredentialError, PermissionDeniedError

SECRET = str(CONFIDENTIAL.client_secret)


def _client(sandbox: Sandbox, credential: Any) -> PartnerCenter:
    return PartnerCenter(credential, base_url=sandbox.base, verify=ssl.create_default_context(cafile=sandbox.ca_file))


def _async_client(sandbox: Sandbox, credential: Any) -> AsyncPartnerCenter:
    trust = ssl.create_default_context(cafile=sandbox.ca_file)
    return AsyncPartnerCenter(credential, base_url=sandbox.base, verify=trust)


def _may_only_read(partner: PartnerCenter) -> None:
    """An application's own token. https://learn.microsoft.com/partner-center/developer/partner-center-authentication."""
    qualification = partner.customers.by_id(OXFORD).qualification
    assert qualification.get_qualifications() == []
    with pytest.raises(PermissionDeniedError) as refused:
        qualification.create_qualifications("Education")
    assert refused.value.code == "900329"


def _may_ask(partner: PartnerCenter) -> None:
    """A user's token."""
    assert partner.customers.by_id(OXFORD).qualification.create_qualifications("Education").is_in_review


def test_azure_identity(trusted: Sandbox) -> None:
    with (
        ClientSecretCredential(
            CONTOSO, CONFIDENTIAL.client_id, SECRET, authority=trusted.base, disable_instance_discovery=True
        ) as credential,
        _client(trusted, credential) as partner,
    ):
        _may_only_read(partner)


async def test_azure_identity_in_an_event_loop(trusted: Sandbox) -> None:
    async with (
        AsyncClientSecretCredential(
            CONTOSO,
            CONFIDENTIAL.client_id,
            SECRET,
            authority=trusted.base,
            disable_instance_discovery=True,
            transport=AsyncioRequestsTransport(),
        ) as credential,
        _async_client(trusted, credential) as partner,
    ):
        assert await partner.customers.by_id(OXFORD).qualification.get_qualifications() == []


async def test_azure_identitys_blocking_credential_in_an_event_loop(trusted: Sandbox) -> None:
    """It is asked in a thread, so that the loop goes on."""
    with ClientSecretCredential(
        CONTOSO, CONFIDENTIAL.client_id, SECRET, authority=trusted.base, disable_instance_discovery=True
    ) as credential:
        async with _async_client(trusted, credential) as partner:
            assert await partner.customers.by_id(OXFORD).qualification.get() == "None"


def test_azure_identitys_refusal(trusted: Sandbox) -> None:
    """Whatever a credential raises, the caller sees the client's own error, with the authority's words."""
    with (
        ClientSecretCredential(
            CONTOSO, CONFIDENTIAL.client_id, "wrong", authority=trusted.base, disable_instance_discovery=True
        ) as credential,
        _client(trusted, credential) as partner,
        pytest.raises(CredentialError, match="AADSTS7000215"),
    ):
        partner.customers.get(OXFORD)


def test_msal_application(trusted: Sandbox) -> None:
    """MSAL's dictionary is what the function returns."""
    application = confidential(trusted)
    with _client(trusted, lambda: application.acquire_token_for_client(DEFAULT)) as partner:
        _may_only_read(partner)


def test_msal_refusal(trusted: Sandbox) -> None:
    application = confidential(trusted, client_credential="wrong")
    with (
        _client(trusted, lambda: application.acquire_token_for_client(DEFAULT)) as partner,
        pytest.raises(CredentialError, match="AADSTS7000215") as refused,
    ):
        partner.customers.get(OXFORD)
    assert "wrong" not in str(refused.value)


def test_msal_refresh_token(trusted: Sandbox) -> None:
    """The secure application model by MSAL: each job takes the kept token, and keeps the next."""
    kept = [_refresh_token(trusted)]

    def credential() -> dict[str, Any]:
        answer: dict[str, Any] = confidential(trusted).acquire_token_by_refresh_token(kept[-1], IMPERSONATION)
        kept.append(answer["refresh_token"])
        return answer

    with _client(trusted, credential) as partner:
        _may_ask(partner)
    with _client(trusted, credential) as partner:
        assert len(partner.customers.by_id(OXFORD).qualification.get_qualifications()) == 1
    assert len(set(kept)) == 3


def test_msal_device_code(trusted: Sandbox) -> None:
    application = public(trusted)

    def credential() -> Any:
        accounts = application.get_accounts()
        silent = application.acquire_token_silent(IMPERSONATION, account=accounts[0]) if accounts else None
        if silent:
            return silent
        flow = application.initiate_device_flow(IMPERSONATION)
        flow["interval"] = 0
        approve_device(trusted, flow["user_code"])
        return application.acquire_token_by_device_flow(flow)

    with _client(trusted, credential) as partner:
        _may_ask(partner)
    with _client(trusted, credential) as partner:  # from MSAL's cache, nobody is asked
        assert partner.customers.get(OXFORD).company_name == "University of Oxford"


def test_our_client_secret(trusted: Sandbox) -> None:
    credential = ClientSecret(CONTOSO, CONFIDENTIAL.client_id, SECRET, authority=trusted.base)
    with _client(trusted, credential) as partner:
        _may_only_read(partner)


def test_our_refresh_token_hands_its_successor_over(trusted: Sandbox) -> None:
    """The next one is kept before the access token is used; the one before is refused from then on."""
    first, kept = _refresh_token(trusted), list[str]()
    for _ in range(3):
        credential = RefreshToken(
            CONTOSO,
            CONFIDENTIAL.client_id,
            kept[-1] if kept else first,
            client_secret=SECRET,
            on_rotation=kept.append,
            authority=trusted.base,
        )
        with _client(trusted, credential) as partner:
            assert partner.customers.get(OXFORD).domain == "ox.ac.uk"
    assert len({first, *kept}) == 4
    stale = RefreshToken(CONTOSO, CONFIDENTIAL.client_id, first, client_secret=SECRET, authority=trusted.base)
    with _client(trusted, stale) as partner, pytest.raises(CredentialError) as refused:
        partner.customers.get(OXFORD)
    assert refused.value.code == "invalid_grant"
    assert first not in str(refused.value)


def test_our_device_code(trusted: Sandbox) -> None:
    """The person enters the code while the client waits; later tokens need nobody."""
    prompts, kept = list[DevicePrompt](), list[str]()
    credential = DeviceCode(
        CONTOSO, PUBLIC.client_id, _approving(trusted, prompts), on_rotation=kept.append, authority=trusted.base
    )
    with _client(trusted, credential) as partner:
        _may_ask(partner)
    with _client(trusted, credential) as partner:
        assert partner.customers.get(OXFORD).domain == "ox.ac.uk"
    assert [prompt.verification_uri for prompt in prompts] == [f"{trusted.base}/devicelogin"]
    assert len(set(kept)) == 2


async def test_our_credentials_in_an_event_loop(trusted: Sandbox) -> None:
    credential = ClientSecret(CONTOSO, CONFIDENTIAL.client_id, SECRET, authority=trusted.base)
    async with _async_client(trusted, credential) as partner:
        found = await asyncio.gather(*(partner.customers.get(OXFORD) for _ in range(10)))
    assert {customer.domain for customer in found} == {"ox.ac.uk"}


def _refresh_token(sandbox: Sandbox) -> str:
    """Sign Ada in by MSAL for the web application, as a consent page does once, and return what is kept."""
    application = confidential(sandbox)
    with pytest.warns(DeprecationWarning, match="acquire_token_by_auth_code_flow"):
        answer = application.acquire_token_by_authorization_code(
            authorization_code(sandbox), IMPERSONATION, redirect_uri="http://localhost:5000/callback"
        )
    return str(answer["refresh_token"])


def _approving(sandbox: Sandbox, prompts: list[DevicePrompt]) -> Callable[[DevicePrompt], None]:
    def show(prompt: DevicePrompt) -> None:
        prompts.append(prompt)
        threading.Thread(target=approve_device, args=(sandbox, prompt.user_code)).start()

    return show
