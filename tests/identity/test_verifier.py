"""Every way a token can fail, and that a good one does not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from vetline.identity.issuer import TokenIssuer
from vetline.identity.keys import StaticKeys
from vetline.identity.proof import LONGEST_TOKEN
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.trust import PARTNER_CENTER_APPLICATION, TrustedIssuer
from vetline.identity.verifier import TokenVerifier

from .forging import b64, hs256, unsigned
from .tokens import AUDIENCE, NOW, OTHER_TENANT, TENANT, good_claims

_PEM_ISSUER = TokenIssuer("https://login.example")


async def problem(verifier: TokenVerifier, token: bytes | str, later: timedelta = timedelta(0)) -> TokenProblem:
    """Return why `token` is refused, having seen that it is not remembered either."""
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(token, NOW + later)
    assert verifier.cached(token, NOW.timestamp()) is None
    return refused.value.problem


def header(issuer: TokenIssuer, **changes: object) -> dict[str, object]:
    """Return the header of the issuer's tokens, with `changes`."""
    keys: Any = issuer.jwks()["keys"]
    return {"alg": "RS256", "kid": keys[0]["kid"], "typ": "JWT"} | changes


async def test_a_good_token_names_its_caller(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    caller = await verifier.verify(issuer.sign(good_claims(issuer)), NOW)
    assert (caller.tenant, caller.mfa, caller.is_app_only) == (TENANT, True, False)


@pytest.mark.parametrize("aud", [AUDIENCE, f"{AUDIENCE}/", PARTNER_CENTER_APPLICATION, ["https://x", AUDIENCE]])
async def test_every_name_of_the_resource_is_accepted(
    issuer: TokenIssuer, verifier: TokenVerifier, aud: object
) -> None:
    assert (await verifier.verify(issuer.sign(good_claims(issuer, aud=aud)), NOW)).tenant == TENANT


async def test_the_v2_name_of_the_issuer_is_accepted(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = issuer.sign(good_claims(issuer, iss=issuer.name(TENANT, v2=True)))
    assert (await verifier.verify(token, NOW)).tenant == TENANT


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b",
        "a.b.c.d",
        "..",
        b"\xff\xfe",
        "å.å.å",
        "\ud800",
        unsigned([1], {}),
        unsigned({"alg": "RS256", "kid": 7}, {}),
        unsigned({"alg": "RS256"}, []),
        unsigned({"alg": "RS256"}, {"exp": "soon"}),
        unsigned({"alg": "RS256"}, {"exp": True}),
        unsigned({"alg": "RS256"}, {"iss": "no exp"}),
        unsigned({"alg": "RS256"}, {"exp": 1, "roles": "Vetline.Reviewer"}),
        "e30=.e30=.",
    ],
)
async def test_what_is_no_token_is_malformed(verifier: TokenVerifier, token: bytes | str) -> None:
    assert await problem(verifier, token) is TokenProblem.MALFORMED


async def test_deep_nesting_is_malformed(verifier: TokenVerifier) -> None:
    depth = 5000
    token = unsigned({"alg": "RS256"}, 0).split(".")
    token[1] = b64(b"[" * depth)
    assert await problem(verifier, ".".join(token)) is TokenProblem.MALFORMED


async def test_a_token_too_long_is_malformed_before_it_is_read(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = issuer.sign(good_claims(issuer, padding="x" * LONGEST_TOKEN))
    assert await problem(verifier, token) is TokenProblem.MALFORMED


async def test_a_token_without_an_application_is_malformed(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    assert await problem(verifier, issuer.sign(good_claims(issuer, appid=None))) is TokenProblem.MALFORMED


async def test_a_critical_header_is_malformed(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = unsigned(header(issuer, crit=["b64"], b64=False), good_claims(issuer))
    assert await problem(verifier, token) is TokenProblem.MALFORMED


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS512", "PS256", "ES256", "EdDSA", ""])
async def test_any_other_algorithm_is_refused(issuer: TokenIssuer, verifier: TokenVerifier, alg: str) -> None:
    assert await problem(verifier, unsigned(header(issuer, alg=alg), good_claims(issuer))) is TokenProblem.ALGORITHM


async def test_the_public_key_is_no_secret(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    keys: Any = issuer.jwks()["keys"]
    for secret in (RSAKey.import_key(keys[0]).as_pem(), keys[0]["n"].encode()):
        token = hs256(header(issuer, alg="HS256"), good_claims(issuer), secret)
        assert await problem(verifier, token) is TokenProblem.ALGORITHM
        # And with the header claiming RS256 it is merely a wrong signature.
        forged = hs256(header(issuer), good_claims(issuer), secret)
        assert await problem(verifier, forged) is TokenProblem.SIGNATURE


@pytest.mark.parametrize(
    "kid",
    [
        "",
        "unknown",
        "../../../../dev/null",
        "x' OR '1'='1",
        "key\x00",
        "https://evil.example/jwks",
        "k" * 257,
        "k" * 8000,
    ],
)
async def test_a_made_up_key_id_finds_nothing(issuer: TokenIssuer, verifier: TokenVerifier, kid: str) -> None:
    token = unsigned(header(issuer, kid=kid), good_claims(issuer), b"x" * 256)
    assert await problem(verifier, token) is TokenProblem.UNKNOWN_KEY


@pytest.mark.parametrize("where", ["jku", "x5u"])
async def test_a_key_the_token_points_to_is_not_fetched(
    issuer: TokenIssuer, verifier: TokenVerifier, where: str
) -> None:
    thief = TokenIssuer(issuer.base)
    key = RSAKey.generate_key(2048)
    pointing = header(issuer, **{where: "http://127.0.0.1:9/jwks"})
    token = jwt.encode(pointing, good_claims(thief), key, algorithms=["RS256"])
    assert await problem(verifier, token) is TokenProblem.SIGNATURE


async def test_a_key_the_token_carries_is_not_used(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)
    carrying = header(issuer, jwk=key.as_dict(private=False))
    token = jwt.encode(carrying, good_claims(issuer), key, algorithms=["RS256"])
    assert await problem(verifier, token) is TokenProblem.SIGNATURE


async def test_a_changed_token_loses_its_signature(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    head, _, signature = issuer.sign(good_claims(issuer)).split(".")
    body = issuer.sign(good_claims(issuer, tid=OTHER_TENANT)).split(".")[1]
    assert await problem(verifier, f"{head}.{body}.{signature}") is TokenProblem.SIGNATURE
    assert await problem(verifier, f"{head}.{body}.") is TokenProblem.SIGNATURE
    assert await problem(verifier, f"{head}.{body}.!!") is TokenProblem.SIGNATURE


@pytest.mark.parametrize(
    "iss",
    [
        "https://evil.example/",
        f"https://login.example/{TENANT}",
        "https://login.example//",
        "https://login.example/not-a-guid/",
        f"https://login.example/{TENANT}/../{OTHER_TENANT}/",
        f"https://login.example.evil.example/{TENANT}/",
        None,
    ],
)
async def test_another_issuer_is_refused(issuer: TokenIssuer, verifier: TokenVerifier, iss: str | None) -> None:
    assert await problem(verifier, issuer.sign(good_claims(issuer, iss=iss))) is TokenProblem.ISSUER


@pytest.mark.parametrize("aud", ["https://graph.windows.net", "https://api.partnercenter.microsoft.com.evil", [], None])
async def test_another_audience_is_refused(issuer: TokenIssuer, verifier: TokenVerifier, aud: object) -> None:
    assert await problem(verifier, issuer.sign(good_claims(issuer, aud=aud))) is TokenProblem.AUDIENCE


async def test_the_audience_seen_is_told_in_bounded_length(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(issuer.sign(good_claims(issuer, aud="https://graph.windows.net")), NOW)
    assert refused.value.audience == "https://graph.windows.net"
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(issuer.sign(good_claims(issuer, aud="x" * 5000)), NOW)
    assert len(refused.value.audience or "") == 256


async def test_a_token_expires_after_a_minute_of_grace(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = issuer.sign(good_claims(issuer))
    assert await problem(verifier, token, timedelta(minutes=61)) is TokenProblem.EXPIRED
    assert (await verifier.verify(token, NOW + timedelta(minutes=60, seconds=59))).tenant == TENANT


async def test_a_token_begins_with_a_minute_of_grace(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = issuer.sign(good_claims(issuer))
    assert await problem(verifier, token, timedelta(seconds=-61)) is TokenProblem.NOT_YET_VALID
    assert (await verifier.verify(token, NOW - timedelta(seconds=60))).tenant == TENANT


@pytest.mark.parametrize("tid", [None, 7, "", "contoso.com", f"{{{TENANT}}}", TENANT.replace("-", ""), OTHER_TENANT])
async def test_a_tenant_missing_ill_written_or_contradicted_is_refused(
    issuer: TokenIssuer, verifier: TokenVerifier, tid: object
) -> None:
    assert await problem(verifier, issuer.sign(good_claims(issuer, tid=tid))) is TokenProblem.TENANT


async def test_the_tenant_is_in_lower_case(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    assert (await verifier.verify(issuer.sign(good_claims(issuer, tid=TENANT.upper())), NOW)).tenant == TENANT


async def test_a_tenant_not_served_is_refused(issuer: TokenIssuer) -> None:
    source = issuer.trusted()[0].key_source
    trusted = TrustedIssuer(issuer.name("{tenantid}", v2=False), source, tenants=frozenset({OTHER_TENANT}))
    verifier = TokenVerifier([trusted])
    assert await problem(verifier, issuer.sign(good_claims(issuer))) is TokenProblem.TENANT


async def test_a_fixed_issuer_speaks_for_the_tenant_in_its_name_only(issuer: TokenIssuer) -> None:
    source = issuer.trusted()[0].key_source
    verifier = TokenVerifier([TrustedIssuer(issuer.name(TENANT, v2=False), source)])
    assert (await verifier.verify(issuer.sign(good_claims(issuer)), NOW)).tenant == TENANT
    assert await problem(verifier, issuer.sign(good_claims(issuer, tid=OTHER_TENANT))) is TokenProblem.TENANT


async def test_a_key_bound_to_one_tenant_signs_for_no_other() -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)
    data = key.as_dict(private=False, issuer=f"https://login.example/{OTHER_TENANT}/v2.0")
    source = StaticKeys([RSAKey.import_key(data)])
    verifier = TokenVerifier([TrustedIssuer("https://login.example/{tenantid}/", source)])
    token = jwt.encode({"alg": "RS256", "kid": key.kid}, good_claims(_PEM_ISSUER), key, algorithms=["RS256"])
    assert await problem(verifier, token) is TokenProblem.TENANT


@pytest.mark.parametrize("alg", ["PS256", "ES256"])
async def test_other_algorithms_count_when_configured(alg: str) -> None:
    key: RSAKey | ECKey = ECKey.generate_key("P-256", auto_kid=True) if alg == "ES256" else _rsa()
    trusted = TrustedIssuer("https://login.example/{tenantid}/", StaticKeys([key]), algorithms=frozenset({alg}))
    token = jwt.encode({"alg": alg, "kid": key.kid}, good_claims(_PEM_ISSUER), key, algorithms=[alg])
    assert (await TokenVerifier([trusted]).verify(token, NOW)).tenant == TENANT


async def test_a_key_of_another_type_verifies_nothing(issuer: TokenIssuer) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    verifier = TokenVerifier([TrustedIssuer("https://login.example/{tenantid}/", StaticKeys([key]))])
    token = unsigned({"alg": "RS256", "kid": key.kid}, good_claims(issuer), b"x" * 256)
    assert await problem(verifier, token) is TokenProblem.SIGNATURE


def test_a_configuration_that_trusts_the_unsigned_is_refused() -> None:
    for algorithms in (frozenset({"none"}), frozenset({"RS256", "HS256"}), frozenset[str]()):
        with pytest.raises(ValueError, match="algorithms"):
            TrustedIssuer("https://login.example/", StaticKeys(), algorithms=algorithms)
    with pytest.raises(ValueError, match="once"):
        TrustedIssuer("https://{tenantid}/{tenantid}/", StaticKeys())
    with pytest.raises(ValueError, match="at least one"):
        TokenVerifier([])


def _rsa() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


_VERIFIER = TokenVerifier(_PEM_ISSUER.trusted())
_GOOD = _PEM_ISSUER.sign(good_claims(_PEM_ISSUER))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
_NAMES = st.sampled_from(
    ["alg", "kid", "crit", "exp", "nbf", "iss", "aud", "tid", "scp", "amr", "roles", "wids", "jku"]
)
_ANY_TOKEN = (
    st.binary(max_size=200)
    | st.text(max_size=200)
    | st.text(alphabet="ABCz09-_.", max_size=200)
    | st.builds(unsigned, _JSON, _JSON, st.binary(max_size=20))
    | st.builds(unsigned, st.dictionaries(_NAMES, _JSON), st.dictionaries(_NAMES, _JSON))
)


@given(_ANY_TOKEN)
async def test_whatever_is_no_token_is_refused_and_nothing_else_happens(token: bytes | str) -> None:
    with pytest.raises(TokenRefused):
        await _VERIFIER.verify(token, NOW)


@given(st.dictionaries(_NAMES, _JSON, min_size=1))
async def test_a_signed_token_with_any_claims_is_believed_or_refused(claims: dict[str, object]) -> None:
    try:
        token = _PEM_ISSUER.sign(good_claims(_PEM_ISSUER) | claims)
    except (ValueError, RecursionError):
        return
    try:
        await _VERIFIER.verify(token, NOW)
    except TokenRefused:
        return


@given(st.integers(0, len(_GOOD) - 1), st.characters(max_codepoint=127))
async def test_no_single_changed_character_passes(position: int, character: str) -> None:
    token = f"{_GOOD[:position]}{character}{_GOOD[position + 1 :]}"
    if token != _GOOD:
        with pytest.raises(TokenRefused):
            await _VERIFIER.verify(token, NOW)
