"""Keys from a real server: fetched once, looked at again when due, never at the will of a flood, kept in an outage."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from vetline.identity.fetching import JwksAt, JwksDiscovered
from vetline.identity.issuer import TokenIssuer
from vetline.identity.keys import JwksOverHttp, KeysUnavailable
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.safety import is_safe
from vetline.identity.trust import TrustedIssuer
from vetline.identity.verifier import TokenVerifier

from .key_server import KeyServer, serving
from .tokens import BASE, NOW, TENANT, good_claims

_PATTERN = f"{BASE}/{{tenantid}}/"
_SECONDS = timedelta(seconds=1)


@pytest.fixture
async def server(issuer: TokenIssuer) -> AsyncIterator[KeyServer]:
    """Serve the issuer's keys at /keys."""
    async with serving() as keys:
        keys.documents["/keys"] = issuer.jwks()
        yield keys


@pytest.fixture
async def source(server: KeyServer) -> AsyncIterator[JwksOverHttp]:
    """Return a source that fetches from the server."""
    keys = JwksOverHttp(JwksAt(server.url()))
    yield keys
    await keys.aclose()


@pytest.fixture
def verifier(source: JwksOverHttp) -> TokenVerifier:
    """Return a verifier that gets its keys from the server."""
    return TokenVerifier([TrustedIssuer(_PATTERN, source)])


async def problem(verifier: TokenVerifier, token: str, later: timedelta) -> TokenProblem:
    """Return why a token is refused at NOW and `later`."""
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(token, NOW + later)
    return refused.value.problem


async def settled(source: JwksOverHttp) -> None:
    """Wait for the fetch under way in the background, if any."""
    flight = source._flight
    if flight is not None:
        await flight


async def test_keys_are_fetched_once(issuer: TokenIssuer, server: KeyServer, verifier: TokenVerifier) -> None:
    for number in range(10):
        token = issuer.sign(good_claims(issuer, uti=str(number)))
        assert (await verifier.verify(token, NOW)).tenant == TENANT
    assert server.paths == ["/keys"]


async def test_many_at_once_share_one_fetch(issuer: TokenIssuer, server: KeyServer, verifier: TokenVerifier) -> None:
    server.open.clear()
    token = issuer.sign(good_claims(issuer))
    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(verifier.verify(token, NOW))
        await server.asked.wait()
        server.open.set()
    assert server.paths == ["/keys"]


async def test_one_who_gives_up_does_not_end_the_fetch_for_the_others(
    issuer: TokenIssuer, server: KeyServer, verifier: TokenVerifier
) -> None:
    server.open.clear()
    token = issuer.sign(good_claims(issuer))
    first = asyncio.create_task(verifier.verify(token, NOW))
    second = asyncio.create_task(verifier.verify(token, NOW))
    await server.asked.wait()
    first.cancel()
    server.open.set()
    assert (await second).tenant == TENANT
    assert server.paths == ["/keys"]


async def test_a_rotation_is_noticed_at_once_and_the_old_tokens_are_forgotten(
    server: KeyServer, verifier: TokenVerifier
) -> None:
    issuer = TokenIssuer(BASE)
    server.documents["/keys"] = issuer.jwks()
    old = issuer.sign(good_claims(issuer))
    await verifier.verify(old, NOW)
    issuer.rotate()
    server.documents["/keys"] = issuer.jwks()
    later = 31 * _SECONDS
    assert verifier.cached(old, (NOW + later).timestamp()) is not None
    assert (await verifier.verify(issuer.sign(good_claims(issuer)), NOW + later)).tenant == TENANT
    assert verifier.cached(old, (NOW + later).timestamp()) is None
    assert await problem(verifier, old, later) is TokenProblem.UNKNOWN_KEY
    assert len(server.paths) == 2


async def test_made_up_key_ids_cannot_flood_the_issuer(server: KeyServer, source: JwksOverHttp) -> None:
    for number in range(200):
        assert await source.key(f"made-up-{number}", NOW + number * _SECONDS / 10) is None
    assert len(server.paths) == 1
    assert await source.key("made-up", NOW + 30 * _SECONDS) is None
    assert len(server.paths) == 2


async def test_a_clock_set_back_does_not_blind_it(server: KeyServer, source: JwksOverHttp) -> None:
    await source.key("made-up", NOW)
    await source.key("made-up", NOW - timedelta(days=1))
    assert len(server.paths) == 2


async def test_it_looks_again_hourly_without_anybody_waiting(
    issuer: TokenIssuer, server: KeyServer, source: JwksOverHttp, verifier: TokenVerifier
) -> None:
    token = issuer.sign(good_claims(issuer, exp=int(NOW.timestamp()) + 9000))
    await verifier.verify(token, NOW)
    server.open.clear()
    server.asked.clear()
    later = timedelta(hours=1)
    assert (await verifier.verify(token, NOW + later)).tenant == TENANT
    await server.asked.wait()
    server.open.set()
    await settled(source)
    await verifier.verify(token, NOW + later)
    assert len(server.paths) == 2


async def test_a_withdrawn_key_is_noticed_by_the_hourly_look(
    issuer: TokenIssuer, server: KeyServer, source: JwksOverHttp, verifier: TokenVerifier
) -> None:
    token = issuer.sign(good_claims(issuer, exp=int(NOW.timestamp()) + 9000))
    await verifier.verify(token, NOW)
    server.documents["/keys"] = TokenIssuer(BASE).jwks()
    later = timedelta(hours=1)
    await verifier.verify(token, NOW + later)
    await settled(source)
    assert verifier.cached(token, (NOW + later).timestamp()) is None
    assert await problem(verifier, token, later) is TokenProblem.UNKNOWN_KEY


async def test_keys_outlive_an_outage_by_a_day(
    issuer: TokenIssuer, server: KeyServer, source: JwksOverHttp, verifier: TokenVerifier
) -> None:
    token = issuer.sign(good_claims(issuer, exp=int(NOW.timestamp()) + 200_000))
    await verifier.verify(token, NOW)
    server.status = "503 Service Unavailable"
    assert (await verifier.verify(token, NOW + timedelta(hours=23))).tenant == TENANT
    await settled(source)
    assert await problem(verifier, token, timedelta(hours=24)) is TokenProblem.ISSUER_UNREACHABLE


@pytest.mark.parametrize("status", ["500 Oops", "301 Moved", "404 Not Found"])
async def test_without_an_answer_it_cannot_be_told(
    issuer: TokenIssuer, server: KeyServer, verifier: TokenVerifier, status: str
) -> None:
    server.status = status
    token = issuer.sign(good_claims(issuer))
    assert await problem(verifier, token, timedelta(0)) is TokenProblem.ISSUER_UNREACHABLE
    # Within thirty seconds nobody is asked again, and it still cannot be told.
    assert await problem(verifier, token, 29 * _SECONDS) is TokenProblem.ISSUER_UNREACHABLE
    assert server.paths == ["/keys"]


@pytest.mark.parametrize(
    "document",
    [b"", b"<html>", b"[" * 100_000, b'{"keys":[]}', b'{"keys":7}', b'{"keys":[{"kty":"RSA"}]}', b" " * 300_000],
)
async def test_an_answer_that_is_no_key_set_is_no_answer(
    server: KeyServer, source: JwksOverHttp, document: bytes
) -> None:
    server.documents["/keys"] = document
    with pytest.raises(KeysUnavailable):
        await source.key("k", NOW)


async def test_a_server_that_is_not_there_is_no_answer() -> None:
    async with serving() as gone:
        url = gone.url()
    source = JwksOverHttp(JwksAt(url))
    with pytest.raises(KeysUnavailable):
        await source.key("k", NOW)
    await source.aclose()


async def test_closing_ends_a_fetch_under_way(server: KeyServer) -> None:
    source = JwksOverHttp(JwksAt(server.url()))
    server.open.clear()
    waiting = asyncio.create_task(source.key("k", NOW))
    await server.asked.wait()
    await source.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_keys_are_found_through_the_configuration(issuer: TokenIssuer, server: KeyServer) -> None:
    server.documents["/configuration"] = {"issuer": _PATTERN, "jwks_uri": server.url("/keys")}
    source = JwksOverHttp(JwksDiscovered(server.url("/configuration"), _PATTERN))
    verifier = TokenVerifier([TrustedIssuer(_PATTERN, source)])
    assert (await verifier.verify(issuer.sign(good_claims(issuer)), NOW)).tenant == TENANT
    assert server.paths == ["/configuration", "/keys"]
    await source.aclose()


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example/", "jwks_uri": "/keys"},
        {"issuer": _PATTERN, "jwks_uri": "http://keys.example/keys"},
        {"issuer": _PATTERN, "jwks_uri": "file:///etc/passwd"},
        {"issuer": _PATTERN, "jwks_uri": "https://["},
        {"issuer": _PATTERN},
    ],
)
async def test_a_configuration_of_another_or_to_nowhere_safe_is_no_answer(
    server: KeyServer, configuration: dict[str, str]
) -> None:
    server.documents["/configuration"] = configuration
    source = JwksOverHttp(JwksDiscovered(server.url("/configuration"), _PATTERN))
    with pytest.raises(KeysUnavailable):
        await source.key("k", NOW)
    assert server.paths == ["/configuration"]
    await source.aclose()


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://login.example/keys", True),
        ("http://localhost:8080/keys", True),
        ("http://127.0.0.1/keys", True),
        ("http://[::1]:1/keys", True),
        ("http://login.example/keys", False),
        ("http://127.0.0.1.evil.example/keys", False),
        ("http://127.0.0.1@evil.example/keys", False),
        ("ftp://127.0.0.1/keys", False),
        ("https:///keys", False),
        ("", False),
    ],
)
def test_keys_come_over_https_or_from_this_machine(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
    if not safe:
        with pytest.raises(ValueError, match="https"):
            JwksAt(url)
        with pytest.raises(ValueError, match="https"):
            JwksDiscovered(url, "https://login.example/")
