"""Every contract file, against a real sandbox or against the server that VETLINE_CONTRACT_URL names."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import Servers
from tests.contract.runner import play

FILES = sorted(Path(__file__).parent.glob("*.json"))

# The traps that a drop-in server must respect, and the checks that were derived from the known clients.
# The gateway's 429 (T4, A9) is tried in tests/api, where a limit can be set.
TRAPS = {f"T{number}" for number in range(1, 21)} - {"T4"}
CHECKS = {f"A{number}" for number in range(1, 13)} - {"A9"}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_contract(file: Path, servers: Servers) -> None:
    """The server answers as the file says."""
    contract = read(file)
    play(contract, servers.with_options(tuple(contract.get("sandbox", []))))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_contract_on_postgres(file: Path, servers_on_postgres: Servers) -> None:
    """The server answers as the file says, also when its data are in PostgreSQL."""
    contract = read(file)
    play(contract, servers_on_postgres.with_options(tuple(contract.get("sandbox", []))))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_file_is_described(file: Path) -> None:
    """Each file has a title, steps, and a source that can be looked up."""
    contract = read(file)
    assert contract.keys() <= {"title", "source", "covers", "sandbox", "steps"}
    assert contract["title"]
    assert contract["steps"]
    assert contract["source"] == "docs/wire.md" or contract["source"].startswith("https://")


def test_every_trap_and_every_check_has_a_file() -> None:
    """Nothing that is known of the clients goes untested."""
    covered = {name for file in FILES for name in read(file).get("covers", [])}
    assert covered >= TRAPS | CHECKS


def read(file: Path) -> dict[str, Any]:
    """Return a contract file."""
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
