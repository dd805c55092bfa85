"""Signing in at an issuer over real HTTP: what is asked, what is believed, and what every refusal is called."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.identity.caller import ADMINISTRATOR, REVIEWER
from vetline.identity.discovery import Discovery, is_issuer_of, read_configuration
from vetline.identity.issuer import TokenIssuer
from vetline.identity.relying_party import RelyingParty, refusal_of
from vetline.identity.signing_in import Attempt, Registration, SignedIn, SignInProblem, SignInRefused

from .forging import hs256, unsigned
from .key_server import KeyServer, serving
from .tokens import NOW, OTHER_TENANT, TENANT

CLIENT = "0e7d0003-7f40-4d91-9053-9c8e6fa12d31"
REDIRECT = "https://vetline.example/console/signed-in"
ATTEMPT = Attempt("state", "nonce", "v" * 43)
ENTRA = "https://login.microsoftonline.com"


class Issuer:
    """An issuer of two tenants, one of them the operator's, in the test's hand."""

    def __init__(self, server: KeyServer) -> None:
        self.server = server
        self.tokens = TokenIssuer(server.base)
        self.configuration: dict[str, Any] = {
            "issuer": self.tokens.name("{tenantid}", v2=True),
            "authorization_endpoint": server.url("/authorize"),
            "token_endpoint": server.url("/token"),
            "jwks_uri": server.url("/keys"),
            "end_session_endpoint": server.url("/logout"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        server.documents |= {
            "/organizations/v2.0/.well-known/openid-configuration": self.configuration,
            "/keys": self.tokens.jwks(),
        }

    def claims(self, tenant: str = TENANT, **changes: object) -> dict[str, object]:
        """Return the claims of a good id token, with changes; a change to `None` drops the claim."""
        start = int(NOW.timestamp())
        claims: dict[str, object] = {
            "aud": CLIENT,
            "exp": start + 3600,
            "iat": start,
            "nbf": start,
            "iss": self.tokens.name(tenant, v2=True),
            "name": "Ada",
            "nonce": ATTEMPT.nonce,
            "oid": "6f3ad6f0-0000-4000-8000-000000000002",
            "tid": tenant,
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def answers(self, token: str) -> None:
        """Have the token endpoint answer with an id token."""
        self.server.documents["/token"] = {"id_token": token}


@asynccontextmanager
async def _issuing(secret: str = "") -> AsyncIterator[tuple[Issuer, RelyingParty]]:
    client = httpx2.AsyncClient(timeout=5)
    async with serving() as server:
        discovery = Discovery(f"{server.base}/organizations/v2.0", CLIENT, frozenset({OTHER_TENANT}), client)
        party = RelyingParty(discovery, Registration(CLIENT, secret, REDIRECT), client)
        try:
            yield Issuer(server), party
        finally:
            await party.aclose()


async def _refused(changes: dict[str, Any]) -> SignInProblem:
    async with _issuing() as (issuer, party):
        issuer.answers(issuer.tokens.sign(issuer.claims(**changes)))
        with pytest.raises(SignInRefused) as refused:
            await party.redeem("code", ATTEMPT, NOW)
        return refused.value.problem


async def test_address_asks_for_a_code_with_proof() -> None:
    """Everything that ties the answer to this browser is in it, and nothing that would give it away."""
    async with _issuing("secret") as (issuer, party):
        address = await party.address(ATTEMPT, NOW, choosing=False)
        asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(issuer.server.url("/authorize?"))
        assert asked == {
            "client_id": CLIENT,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": REDIRECT,
            "scope": "openid profile",
            "state": "state",
            "nonce": "nonce",
            "code_challenge": ATTEMPT.challenge,
            "code_challenge_method": "S256",
        }
        assert "prompt=select_account" in await party.address(ATTEMPT, NOW, choosing=True)


def test_no_two_attempts_are_alike() -> None:
    """And a verifier is as long as the standard wants it: 43 to 128 characters."""
    one, other = Attempt.begun(), Attempt.begun()
    assert len({*one, *other}) == 6
    assert 43 <= len(one.verifier) <= 128


@pytest.mark.parametrize(
    ("methods", "posted"), [(["client_secret_post"], True), (["client_secret_basic"], False), (None, False)]
)
async def test_code_is_exchanged_with_verifier_and_secret(methods: list[str] | None, posted: bool) -> None:
    """The secret travels as the issuer wants it: in the form, or in the header that is the standard's default."""
    async with _issuing("s:e cret") as (issuer, party):
        if methods is None:
            del issuer.configuration["token_endpoint_auth_methods_supported"]
        else:
            issuer.configuration["token_endpoint_auth_methods_supported"] = methods
        issuer.answers(issuer.tokens.sign(issuer.claims()))
        await party.redeem("the code", ATTEMPT, NOW)
        place = issuer.server.paths.index("/token")
        form, head = issuer.server.forms[place], issuer.server.heads[place].decode()
        assert (form["code"], form["code_verifier"], form["redirect_uri"]) == ("the code", ATTEMPT.verifier, REDIRECT)
        assert form.get("client_secret") == ("s:e cret" if posted else None)
        basic = base64.b64encode(f"{CLIENT}:s%3Ae%20cret".encode()).decode()
        assert (f"Basic {basic}" in head) is not posted


async def test_person_is_read_from_the_token() -> None:
    """Their home, their stable id, their name; roles of ours only from an operator's tenant."""
    async with _issuing() as (issuer, party):
        for tenant, ours in ((TENANT, frozenset[str]()), (OTHER_TENANT, frozenset({REVIEWER, ADMINISTRATOR}))):
            issuer.answers(issuer.tokens.sign(issuer.claims(tenant, roles=[REVIEWER, ADMINISTRATOR])))
            found = await party.redeem("code", ATTEMPT, NOW)
            assert found == SignedIn(tenant, "6f3ad6f0-0000-4000-8000-000000000002", "Ada", ours)


async def test_directory_roles_are_read() -> None:
    """By their plain names, as from an access token."""
    async with _issuing() as (issuer, party):
        issuer.answers(issuer.tokens.sign(issuer.claims(wids=["88D8E3E3-8F55-4A1E-953A-9B9898B8876B", "x"])))
        assert (await party.redeem("code", ATTEMPT, NOW)).roles == {"DirectoryReaders"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"nonce": "another"}, SignInProblem.NOT_BELIEVED),
        ({"nonce": None}, SignInProblem.NOT_BELIEVED),
        ({"nonce": "nöñce"}, SignInProblem.NOT_BELIEVED),
        ({"aud": "another-application"}, SignInProblem.NOT_BELIEVED),
        ({"aud": [CLIENT, "another"]}, SignInProblem.NOT_BELIEVED),
        ({"aud": [CLIENT, "another"], "azp": "another"}, SignInProblem.NOT_BELIEVED),
        ({"azp": "another"}, SignInProblem.NOT_BELIEVED),
        ({"iss": "https://evil.example/v2.0"}, SignInProblem.NOT_BELIEVED),
        ({"tid": OTHER_TENANT}, SignInProblem.NOT_BELIEVED),
        ({"tid": None}, SignInProblem.NOT_BELIEVED),
        ({"oid": None}, SignInProblem.NOT_BELIEVED),
        ({"oid": "x" * 257}, SignInProblem.NOT_BELIEVED),
        ({"name": 7}, SignInProblem.NOT_BELIEVED),
        ({"exp": int(NOW.timestamp()) - 61}, SignInProblem.CLOCK),
        ({"nbf": int(NOW.timestamp()) + 61}, SignInProblem.CLOCK),
        ({"amr": ["pwd"]}, SignInProblem.WITHOUT_MFA),
        ({"amr": []}, SignInProblem.WITHOUT_MFA),
    ],
)
async def test_token_that_does_not_count_signs_nobody_in(changes: dict[str, Any], problem: SignInProblem) -> None:
    """Each for its own reason; what is told apart is what somebody can do something about."""
    assert await _refused(changes) is problem


@pytest.mark.parametrize("changes", [{"azp": CLIENT, "aud": [CLIENT, "another"]}, {"amr": ["pwd", "mfa"]}])
async def test_token_with_more_than_it_needs_counts(changes: dict[str, Any]) -> None:
    """Several audiences when we are the party; a second factor when the issuer tells of it."""
    async with _issuing() as (issuer, party):
        issuer.answers(issuer.tokens.sign(issuer.claims(**changes)))
        assert (await party.redeem("code", ATTEMPT, NOW)).name == "Ada"


async def test_forged_tokens_sign_nobody_in() -> None:
    """No signature, the public key as a secret, and a key of somebody else's under the same name."""
    async with _issuing() as (issuer, party):
        keys: Any = issuer.tokens.jwks()["keys"]
        key = keys[0]
        stranger = TokenIssuer(issuer.server.base)
        claims = issuer.claims()
        forged = (
            unsigned({"alg": "none", "kid": key["kid"]}, claims),
            hs256({"alg": "HS256", "kid": key["kid"]}, claims, key["n"].encode()),
            stranger.sign(claims),
            issuer.tokens.sign(claims)[:-4] + "AAAA",
        )
        for token in forged:
            issuer.answers(token)
            with pytest.raises(SignInRefused) as refused:
                await party.redeem("code", ATTEMPT, NOW)
            assert refused.value.problem is SignInProblem.NOT_BELIEVED


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        ("400 Bad", {"error": "invalid_grant", "error_description": "AADSTS54005: x"}, SignInProblem.USED_UP),
        ("401 No", {"error": "invalid_client"}, SignInProblem.MISCONFIGURED),
        ("400 Bad", {"error": "consent_required"}, SignInProblem.CONSENT),
        ("400 Bad", b"<html>", SignInProblem.MISCONFIGURED),
        ("503 Busy", {"error": "temporarily_unavailable"}, SignInProblem.UNREACHABLE),
        ("302 Found", {}, SignInProblem.MISCONFIGURED),
        ("200 OK", {"access_token": "x"}, SignInProblem.MISCONFIGURED),
        ("200 OK", b"[" * 5_000, SignInProblem.MISCONFIGURED),
        ("200 OK", b" " * 300_000, SignInProblem.UNREACHABLE),
    ],
)
async def test_answers_without_a_token_are_told_apart(status: str, body: object, problem: SignInProblem) -> None:
    """And no redirect is followed, nothing endless read."""
    async with _issuing() as (issuer, party):
        await party.address(ATTEMPT, NOW, choosing=False)
        issuer.server.documents["/token"], issuer.server.status = body, status
        with pytest.raises(SignInRefused) as refused:
            await party.redeem("code", ATTEMPT, NOW)
        assert refused.value.problem is problem
        assert "/elsewhere" not in issuer.server.paths


async def test_issuer_is_looked_for_once_an_hour_and_outlives_an_outage() -> None:
    """Sign-ins that come together share one question; one that is known serves on while it does not answer."""
    async with _issuing() as (issuer, party):
        for moment in (NOW, NOW + timedelta(minutes=59)):
            await party.address(ATTEMPT, moment, choosing=False)
        assert len(issuer.server.paths) == 1
        issuer.server.status = "503 Busy"
        await party.address(ATTEMPT, NOW + timedelta(minutes=60), choosing=False)
        assert len(issuer.server.paths) == 2


async def test_unknown_issuer_that_does_not_answer_is_unreachable() -> None:
    """Told at the first step, before anybody is sent away."""
    async with _issuing() as (issuer, party):
        issuer.server.status = "503 Busy"
        with pytest.raises(SignInRefused) as refused:
            await party.address(ATTEMPT, NOW, choosing=False)
        assert refused.value.problem is SignInProblem.UNREACHABLE
        assert await party.sign_out_address(NOW) == ""
        issuer.server.status = "200 OK"
        assert await party.sign_out_address(NOW) == issuer.server.url("/logout")


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example/{tenantid}/v2.0"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_configuration_that_cannot_be_trusted_is_not_used(changes: dict[str, object]) -> None:
    """Another issuer's, endpoints without https, or missing ones."""
    base = f"{ENTRA}/organizations/v2.0"
    good = {
        "issuer": f"{ENTRA}/{{tenantid}}/v2.0",
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/keys",
    }
    assert read_configuration(msgspec.json.encode(good), base).end_session_endpoint == ""
    with pytest.raises(ValueError, match="configuration"):
        read_configuration(msgspec.json.encode(good | changes), base)


@pytest.mark.parametrize(
    ("issuer", "authority", "fits"),
    [
        ("https://issuer.example", "https://issuer.example", True),
        ("https://issuer.example/", "https://issuer.example", True),
        (f"{ENTRA}/{{tenantid}}/v2.0", f"{ENTRA}/organizations/v2.0", True),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}/contoso.com/v2.0", True),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}/{TENANT}/v2.0", True),
        (f"{ENTRA}/{{tenantid}}/v2.0", f"{ENTRA}/{TENANT}/v2.0", False),
        (f"{ENTRA}/{OTHER_TENANT}/v2.0", f"{ENTRA}/{TENANT}/v2.0", False),
        (f"https://evil.example/{TENANT}/v2.0", f"{ENTRA}/contoso.com/v2.0", False),
        (f"http://login.microsoftonline.com/{TENANT}/v2.0", f"{ENTRA}/contoso.com/v2.0", False),
        (f"{ENTRA}/{TENANT}/v1.0", f"{ENTRA}/contoso.com/v2.0", False),
        (f"{ENTRA}/{TENANT}", f"{ENTRA}/contoso.com/v2.0", False),
        (f"{ENTRA}/evil/v2.0", f"{ENTRA}/contoso.com/v2.0", False),
    ],
)
def test_issuer_calls_itself_as_it_is_asked(issuer: str, authority: str, fits: bool) -> None:
    """Or names the tenants as Entra does, but never a host, a scheme or a tenant that was not asked."""
    assert is_issuer_of(issuer, authority) is fits


@given(st.text(), st.text())
def test_log_repeats_nothing_an_issuer_makes_up(error: str, description: str) -> None:
    """The name of an error and Entra's number, and nothing else that stands in the address bar."""
    detail = refusal_of(error, f"{description} secret-in-the-address").detail
    assert "secret-in-the-address" not in detail
    assert detail.isprintable()
    assert len(detail) < 120
