"""The seeded authority on a clock that stands still, and a verifier that believes it."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.support.processes import Sandbox
from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.sandbox.authority import authority_routes
from vetline.sandbox.seeds import OPERATOR_TENANT, seeded_directory

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


@pytest.fixture(scope="session")
def running_tls_sandbox() -> Iterator[Sandbox]:
    """One sandbox that serves HTTPS; use `tls_sandbox`, which is fresh for each test."""
    with Sandbox("--tls") as sandbox:
        yield sandbox


@pytest.fixture
def tls_sandbox(running_tls_sandbox: Sandbox) -> Sandbox:
    """A fresh sandbox that serves HTTPS."""
    running_tls_sandbox.reset()
    return running_tls_sandbox


@pytest.fixture
def trusted(tls_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A fresh sandbox whose certificate the libraries trust, on a machine with no way out."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", tls_sandbox.ca_file)
    find = socket.getaddrinfo

    def find_here(host: Any, *more: Any, **settings: Any) -> Any:
        assert host in ("127.0.0.1", "localhost"), f"a library looked for {host}"
        return find(host, *more, **settings)

    monkeypatch.setattr(socket, "getaddrinfo", find_here)
    return tls_sandbox
