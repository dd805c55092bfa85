"""How claims make a caller: user or application, second factor, roles, and whose word on our roles counts."""

import pytest

from vetline.identity.caller import ADMINISTRATOR, DIRECTORY_ROLES, REVIEWER, Caller
from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier

from .tokens import APPLICATION, NOW, TENANT, good_claims

_NO_USER: dict[str, object] = {"scp": None, "upn": None, "amr": None}


async def caller(issuer: TokenIssuer, changes: dict[str, object], operators: frozenset[str] = frozenset()) -> Caller:
    """Return the caller of a token with changed claims."""
    verifier = TokenVerifier(issuer.trusted(operators=operators))
    return await verifier.verify(issuer.sign(good_claims(issuer, **changes)), NOW)


async def test_without_any_sign_of_a_user_the_application_calls(issuer: TokenIssuer) -> None:
    found = await caller(issuer, _NO_USER | {"idtyp": "app"})
    assert found == Caller(TENANT, APPLICATION, None, False, frozenset())
    assert found.is_app_only


@pytest.mark.parametrize(
    "sign", [{"scp": "user_impersonation"}, {"upn": "a@b"}, {"unique_name": "a@b"}, {"preferred_username": "a@b"}]
)
async def test_any_sign_of_a_user_makes_it_a_users(issuer: TokenIssuer, sign: dict[str, object]) -> None:
    assert not (await caller(issuer, _NO_USER | sign)).is_app_only


@pytest.mark.parametrize(("amr", "mfa"), [(["pwd", "mfa"], True), (["pwd"], False), ([], False), (["mfa2"], False)])
async def test_the_second_factor_is_read_from_amr(issuer: TokenIssuer, amr: list[str], mfa: bool) -> None:
    assert (await caller(issuer, {"amr": amr})).mfa is mfa


async def test_the_user_is_known_by_the_stable_id(issuer: TokenIssuer) -> None:
    assert (await caller(issuer, {})).user == "6f3ad6f0-0000-4000-8000-000000000002"
    assert (await caller(issuer, {"oid": None})).user == "ada@contoso.onmicrosoft.com"
    assert (await caller(issuer, {"oid": None, "upn": None, "sub": "s"})).user == "s"
    assert (await caller(issuer, {"oid": None, "upn": None})).user == "unnamed"


@pytest.mark.parametrize("name", ["appid", "azp", "client_id"])
async def test_the_application_goes_by_three_names(issuer: TokenIssuer, name: str) -> None:
    assert (await caller(issuer, {"appid": None} | {name: "app"})).application == "app"


async def test_directory_roles_are_told_by_template_id(issuer: TokenIssuer) -> None:
    wids = [*DIRECTORY_ROLES, "b79fbf4d-3ef9-4689-8143-76b194e85509"]
    found = await caller(issuer, {"wids": [wid.upper() for wid in wids], "roles": ["AdminAgents"]})
    assert found.roles == {*DIRECTORY_ROLES.values(), "AdminAgents"}


async def test_our_own_roles_count_from_the_operators_tenant_only(issuer: TokenIssuer) -> None:
    roles = [REVIEWER, ADMINISTRATOR, "AdminAgents"]
    assert (await caller(issuer, {"roles": roles})).roles == {"AdminAgents"}
    assert (await caller(issuer, {"roles": roles}, frozenset({TENANT}))).roles == set(roles)
