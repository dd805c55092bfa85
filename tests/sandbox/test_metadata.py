"""What the authority publishes, and that a verifier in another process can live on it."""

from typing import Any

import pytest

from tests.identity.key_server import serving
from vetline.identity.fetching import JwksDiscovered
from vetline.identity.issuer import TokenIssuer
from vetline.identity.keys import JwksOverHttp
from vetline.identity.trust import TrustedIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.sandbox.authority.ledger import CODE_LIVES, Shelf
from vetline.sandbox.contents.seeds import OPERATOR_TENANT, seeded_directory

from .client import CONTOSO, RESOURCE, Authority, application, named
from .clock import HandClock


@pytest.mark.parametrize("version", ["", "/v2.0"])
def test_the_configuration_points_to_what_is_there(authority: Authority, version: str) -> None:
    found = authority.http.get(f"/{CONTOSO.domain}{version}/.well-known/openid-configuration").json()
    assert found["issuer"] == f"http://127.0.0.1:8080/{CONTOSO.tenant_id}{version or '/'}"
    assert authority.http.get(found["jwks_uri"]).json()["keys"]
    assert authority.http.get(found["authorization_endpoint"]).status_code == 400
    assert authority.http.post(found["token_endpoint"]).status_code == 400
    assert authority.http.post(found["device_authorization_endpoint"]).status_code == 400


def test_the_common_configuration_leaves_the_tenant_open(authority: Authority) -> None:
    found = authority.http.get("/common/v2.0/.well-known/openid-configuration").json()
    assert found["issuer"] == "http://127.0.0.1:8080/{tenantid}/v2.0"


def test_an_unknown_tenant_has_none(authority: Authority) -> None:
    answer = authority.http.get("/nobody.example/v2.0/.well-known/openid-configuration")
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])


async def test_a_verifier_elsewhere_lives_on_what_is_published(
    authority: Authority, issuer: TokenIssuer, clock: HandClock
) -> None:
    form = {"grant_type": "client_credentials", "scope": f"{RESOURCE}/.default", **named(application())}
    token = authority.token(**form)["access_token"]
    configuration: Any = authority.http.get("/common/v2.0/.well-known/openid-configuration").json()
    async with serving() as server:
        # Only the place differs, as it does behind a proxy.
        server.documents["/configuration"] = configuration | {"jwks_uri": server.url("/keys")}
        server.documents["/keys"] = authority.http.get("/common/discovery/v2.0/keys").json()
        keys = JwksOverHttp(JwksDiscovered(server.url("/configuration"), configuration["issuer"]))
        verifier = TokenVerifier([TrustedIssuer(configuration["issuer"], keys)])
        assert (await verifier.verify(token, clock.now())).tenant == CONTOSO.tenant_id
        await keys.aclose()


def test_msal_learns_that_this_is_an_authority(authority: Authority) -> None:
    found = authority.http.get("/common/discovery/instance?api-version=1.1").json()
    assert found["metadata"][0]["preferred_network"] == "127.0.0.1:8080"
    assert found["tenant_discovery_endpoint"].startswith("http://127.0.0.1:8080/")


@pytest.mark.parametrize("tenant", [CONTOSO.tenant_id, CONTOSO.domain, "organizations"])
def test_instance_discovery_keeps_the_tenant(authority: Authority, tenant: str) -> None:
    """A client goes on with the configuration it is sent to. (MSAL leaves the port out of its question.)"""
    asked = {"authorization_endpoint": f"https://127.0.0.1/{tenant}/oauth2/v2.0/authorize", "api-version": "1.0"}
    found = authority.http.get("/common/discovery/instance", params=asked).json()
    configuration = authority.http.get(found["tenant_discovery_endpoint"]).json()
    assert configuration["token_endpoint"] == f"http://127.0.0.1:8080/{tenant}/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("endpoint", "code"), [("https://127.0.0.1/nobody.example/oauth2/v2.0/authorize", 90002), ("https://[/x", 9000411)]
)
def test_instance_discovery_knows_no_strangers(authority: Authority, endpoint: str, code: int) -> None:
    answer = authority.http.get("/common/discovery/instance", params={"authorization_endpoint": endpoint})
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [code])


def test_msal_learns_how_a_user_signs_in(authority: Authority) -> None:
    known = authority.http.get(f"/common/userrealm/{CONTOSO.users[0].username}?api-version=1.0").json()
    assert (known["account_type"], known["domain_name"]) == ("Managed", CONTOSO.domain)
    assert authority.http.get("/common/userrealm/nobody").json()["account_type"] == "Unknown"


def test_the_native_clients_page_is_there(authority: Authority) -> None:
    assert authority.http.get("/common/oauth2/nativeclient?code=secret").status_code == 200


def test_the_seeds_are_what_they_promise() -> None:
    directory = seeded_directory()
    contoso, fabrikam, operator = directory.tenants
    assert contoso.tenant_id == "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
    assert operator.tenant_id == OPERATOR_TENANT
    for partner in (contoso, fabrikam):
        assert [user.mfa for user in partner.users] == [True, False]
    ids = [one.client_id for tenant in directory.tenants for one in tenant.applications]
    people = [user.object_id for tenant in directory.tenants for user in tenant.users]
    assert len({*ids, *people}) == len(ids) + len(people)
    assert "sandbox-secret" not in repr(directory.tenants)


def test_a_shelf_is_bounded(clock: HandClock) -> None:
    shelf: Shelf[int] = Shelf(CODE_LIVES, capacity=2)
    names = [shelf.put(number, clock.now()) for number in range(3)]
    assert len(shelf) == 2
    assert shelf.find(names[0]) is None
    assert shelf.find(names[2]) is not None
