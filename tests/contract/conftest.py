"""The servers under contract, shared by everything that plays the files."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.contract.server import Server
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox

ELSEWHERE = os.environ.get("VETLINE_CONTRACT_URL", "").rstrip("/")


class Servers:
    """A server for each set of options, started when it is first asked for.

    Parameters:
        database: makes the address of a database for each; without it they have files of their own.
    """

    def __init__(self, database: Callable[[], str] | None = None) -> None:
        self._database = database
        self._sandboxes: dict[tuple[str, ...], Sandbox] = {}
        self._servers: dict[tuple[str, ...], Server] = {}

    def with_options(self, options: tuple[str, ...]) -> Server:
        """Return the server with the given options of `vetline sandbox`."""
        if ELSEWHERE and options:
            pytest.skip(f"needs a sandbox with {' '.join(options)}")
        if options not in self._servers:
            self._servers[options] = Server(ELSEWHERE or self._started(options))
        return self._servers[options]

    def _started(self, options: tuple[str, ...]) -> str:
        where = ["--database-url", self._database()] if self._database else []
        self._sandboxes[options] = Sandbox(*options, *where)
        return self._sandboxes[options].base

    def close(self) -> None:
        """End everything that was started."""
        for server in self._servers.values():
            server.http.close()
        for sandbox in self._sandboxes.values():
            sandbox.stop()
            sandbox.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The servers of this run."""
    found = Servers()
    yield found
    found.close()


@pytest.fixture(scope="session")
def servers_on_postgres(postgres: PostgresServer) -> Iterator[Servers]:
    """The servers of this run whose data are in PostgreSQL."""
    if ELSEWHERE:
        pytest.skip("is about the sandbox of this machine")
    found = Servers(postgres.fresh)
    yield found
    found.close()
