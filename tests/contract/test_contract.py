"""Every contract file, against a real sandbox or against the server that VETLINE_CONTRACT_URL names."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.runner import play
from tests.contract.server import Server
from tests.support.processes import Sandbox

FILES = sorted(Path(__file__).parent.glob("*.json"))
ELSEWHERE = os.environ.get("VETLINE_CONTRACT_URL", "").rstrip("/")

# The traps that a drop-in server must respect, and the checks that were derived from the known clients.
# The gateway's 429 (T4, A9) is tried in tests/api, where a limit can be set.
TRAPS = {f"T{number}" for number in range(1, 21)} - {"T4"}
CHECKS = {f"A{number}" for number in range(1, 13)} - {"A9"}


class Servers:
    """A server for each set of options, started when it is first asked for."""

    def __init__(self) -> None:
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
        self._sandboxes[options] = Sandbox(*options)
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


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_contract(file: Path, servers: Servers) -> None:
    """The server answers as the file says."""
    contract = _read(file)
    play(contract, servers.with_options(tuple(contract.get("sandbox", []))))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_file_is_described(file: Path) -> None:
    """Each file has a title, steps, and a source that can be looked up."""
    contract = _read(file)
    assert contract.keys() <= {"title", "source", "covers", "sandbox", "steps"}
    assert contract["title"]
    assert contract["steps"]
    assert contract["source"] == "docs/wire.md" or contract["source"].startswith("https://")


def test_every_trap_and_every_check_has_a_file() -> None:
    """Nothing that is known of the clients goes untested."""
    covered = {name for file in FILES for name in _read(file).get("covers", [])}
    assert covered >= TRAPS | CHECKS


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
