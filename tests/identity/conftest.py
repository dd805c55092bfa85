"""One issuer for all identity tests (a key takes time to make), and a verifier that trusts it."""

import pytest

from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier

from .tokens import BASE


@pytest.fixture(scope="session")
def issuer() -> TokenIssuer:
    """Return an issuer that no test may rotate."""
    return TokenIssuer(BASE)


@pytest.fixture
def verifier(issuer: TokenIssuer) -> TokenVerifier:
    """Return a fresh verifier that trusts the issuer under both of its names."""
    return TokenVerifier(issuer.trusted())
