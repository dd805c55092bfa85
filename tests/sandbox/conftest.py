"""The seeded authority on a clock that stands still, and a verifier that believes it."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.sandbox.authority.authority import authority_routes
from vetline.sandbox.contents.seeds import OPERATOR_TENANT, seeded_directory

from .client import Authority
from .clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    """Return the clock the authority goes by."""
    return HandClock()


@pytest.fixture(scope="session")
def issuer() -> TokenIssuer:
    """Return an issuer that no test may rotate."""
    return TokenIssuer("http://127.0.0.1:8080/")


@pytest.fixture
def verifier(issuer: TokenIssuer) -> TokenVerifier:
    """Return a verifier that believes the authority."""
    return TokenVerifier(issuer.trusted(operators=frozenset({OPERATOR_TENANT})))


@pytest.fixture
def authority(clock: HandClock, issuer: TokenIssuer) -> Iterator[Authority]:
    """Return the authority, reached over HTTP."""
    app = Starlette(routes=list(authority_routes(seeded_directory(), issuer, clock)))
    with TestClient(app, base_url=issuer.base, follow_redirects=False) as http:
        yield Authority(http)
