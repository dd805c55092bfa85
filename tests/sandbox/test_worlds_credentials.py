"""MSAL and azure-identity, unmodified, sign in to a world of their own over TLS, as to any tenant of Entra's."""

import msal  # type: ignore[import-untyped]
import pytest
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ClientSecretCredential

from tests.support.processes import Sandbox
from tests.support.real_credentials import DEFAULT, IMPERSONATION
from tests.support.worlds import World, world

OXFORD = "ox.ac.uk"


def _is_the_worlds(one: World, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert one.http.get(one.customer(OXFORD), headers=headers).json() == []
    one.partner("POST", one.customer(OXFORD), json={"qualification": "Education"})
    assert len(one.http.get(one.customer(OXFORD), headers=headers).json()) == 1


def test_azure_identity(trusted: Sandbox) -> None:
    with world(trusted) as one:
        client = one.made["partners"][0]["applications"][0]
        with ClientSecretCredential(
            one.contoso,
            client["clientId"],
            client["clientSecret"],
            authority=trusted.base,
            disable_instance_discovery=True,
            transport=RequestsTransport(),
        ) as credential:
            _is_the_worlds(one, credential.get_token(*DEFAULT).token)


@pytest.mark.parametrize("tenant", ["id", "organizations"])
def test_msal_by_device_code_and_refresh_token(trusted: Sandbox, tenant: str) -> None:
    with world(trusted) as one:
        partner = one.made["partners"][0]
        application = msal.PublicClientApplication(
            partner["publicApplications"][0]["clientId"],
            authority=f"{trusted.base}/{one.contoso if tenant == 'id' else tenant}",
            instance_discovery=False,
        )
        flow = application.initiate_device_flow(IMPERSONATION)
        entered = {"user_code": flow["user_code"], "username": partner["users"][0]["username"]}
        one.http.post("/devicelogin", data=entered).raise_for_status()
        first = application.acquire_token_by_device_flow(flow)
        again = application.acquire_token_by_refresh_token(first["refresh_token"], IMPERSONATION)
        assert again["access_token"] != first["access_token"]
        _is_the_worlds(one, again["access_token"])
