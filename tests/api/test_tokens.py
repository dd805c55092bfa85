"""Tokens that do not count, at the door of a production service: each is refused with the documented code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.api.service import Service
from tests.identity.forging import b64, hs256
from tests.support.authority import Authority
from tests.support.processes import CONTOSO

FABRIKAM = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"


@pytest.fixture(scope="module")
def service(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of them: none may leave a trace."""
    folder: Path = tmp_path_factory.mktemp("tokens")
    with Service(authority, folder / "vetline.db", {}) as found:
        yield found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://graph.windows.net"}, "900420"),
        ({"aud": "https://graph.microsoft.com"}, "900420"),
        ({"aud": None}, "*"),
        ({"exp": 1}, "800001"),
        ({"exp": None}, "800001"),
        ({"exp": "never"}, "800001"),
        ({"nbf": 2**33}, "800001"),
        ({"iss": "https://evil.example/"}, "800001"),
        ({"iss": None}, "800001"),
        ({"tid": FABRIKAM}, "800001"),
        ({"tid": "contoso"}, "800001"),
        ({"tid": None}, "800001"),
        ({"amr": None}, "900421"),
        ({"amr": ["pwd"]}, "900421"),
        ({"amr": ["mfax"]}, "900421"),
    ],
    ids=json.dumps,
)
def test_claims(service: Service, changes: dict[str, object], code: str) -> None:
    """A well-signed token with a claim that does not hold."""
    answer = service.call("GET", "/v1/customers", claims=changes)
    assert answer.status_code == 401
    assert code in ("*", answer.json()["code"])
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_good_claims(service: Service) -> None:
    """The unchanged token counts, and so does one for the application's id or without a user."""
    for changes in ({}, {"aud": "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"}, {"scp": None, "upn": None, "amr": None}):
        assert service.call("GET", "/v1/customers", claims=changes).status_code == 200


def test_another_key(service: Service, authority: Authority) -> None:
    """A token signed by a stranger, under our key's own name."""
    kid = _published(authority)["kid"]
    stranger = RSAKey.generate_key(2048)
    token = jwt.encode({"alg": "RS256", "kid": kid}, authority.claims(CONTOSO), stranger, algorithms=["RS256"])
    assert _refused(service, token)


def test_public_key_as_a_secret(service: Service, authority: Authority) -> None:
    """A symmetric signature with the published key as its secret."""
    secret = RSAKey.import_key(dict(_published(authority))).as_pem(private=False)
    header: dict[str, object] = {"alg": "HS256", "kid": _published(authority)["kid"]}
    assert _refused(service, hs256(header, authority.claims(CONTOSO), secret))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS256", "RS1", None, 5])
def test_header_without_a_signature(service: Service, authority: Authority, algorithm: object) -> None:
    """A token that asks not to be verified."""
    header = _part({"alg": algorithm, "kid": _published(authority)["kid"], "typ": "JWT"})
    for signature in ("", "AAAA"):
        assert _refused(service, f"{header}.{_part(authority.claims(CONTOSO))}.{signature}")


@pytest.mark.parametrize(
    "more",
    [
        {"kid": "../../etc/passwd"},
        {"kid": "' or 1=1 --"},
        {"kid": "x" * 10_000},
        {"kid": None},
        {"kid": ["a"]},
        {"jku": "http://127.0.0.1:1/keys"},
        {"x5u": "http://127.0.0.1:1/cert"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
    ],
    ids=lambda more: next(iter(more)),
)
def test_header_that_brings_its_own_key(service: Service, authority: Authority, more: dict[str, object]) -> None:
    """A stranger's token whose header says where to look for the key, or is no header at all."""
    header = _part({"alg": "RS256", "kid": "unknown"} | more)
    assert _refused(service, f"{header}.{_part(authority.claims(CONTOSO))}.{'A' * 342}")


def test_changed_after_signing(service: Service, authority: Authority) -> None:
    """A good token whose payload was exchanged, and one that was cut short."""
    header, _, signature = authority.issuer.sign(authority.claims(CONTOSO)).split(".")
    other = _part(authority.claims(CONTOSO, oid="somebody else"))
    assert _refused(service, f"{header}.{other}.{signature}")
    assert _refused(service, f"{header}.{other}.{signature[:-4]}")


def _refused(service: Service, token: str) -> bool:
    answer: httpx2.Response = service.http.get("/v1/customers", headers={"Authorization": f"Bearer {token}"})
    return (answer.status_code, answer.json()["code"]) == (401, "800001")


def _part(value: object) -> str:
    return b64(json.dumps(value).encode())


def _published(authority: Authority) -> dict[str, str]:
    keys = cast("list[dict[str, str]]", authority.issuer.jwks()["keys"])
    return keys[0]
