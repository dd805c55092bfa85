"""Fixtures that every test may use."""

import signal
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.authority import Authority
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox
from vetline.store.sqlite.store import SqliteStore

# A run in the background ignores Ctrl-C, and so would every command that it starts, also those that are tried with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A property holds or does not hold; how long the machine took to find out is no finding.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """One sandbox for the whole run; use `sandbox`, which is fresh for each test."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """A fresh sandbox in the mode `auto`."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    """One issuer for the whole run."""
    with Authority() as found:
        yield found


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run; `fresh` is an empty place in it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A fresh store."""
    found = SqliteStore(tmp_path / "vetline.db")
    yield found
    await found.close()
