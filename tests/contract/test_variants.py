"""Every contract, as a client of its documents meets it: its files against a sandbox that was started with it."""

from pathlib import Path

import pytest

from tests.contract.conftest import Servers
from tests.contract.laws import broken_in_every_contract
from tests.contract.runner import plainly, play
from tests.contract.test_contract import read
from vetline.wire.contracts import CONTRACTS

FOLDER = Path(__file__).parent / "variants"
FILES = sorted(FOLDER.glob("*/*.json"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}-{file.stem}" for file in FILES])
def test_variant(file: Path, servers: Servers) -> None:
    """The sandbox answers as the file says."""
    server = servers.with_options(("--contract", file.parent.name))
    play(read(file), server, plainly, broken_in_every_contract)


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}-{file.stem}" for file in FILES])
def test_file_is_described(file: Path) -> None:
    """Each file has a title, steps, and a source that can be looked up."""
    contract = read(file)
    assert contract.keys() == {"title", "source", "steps"}
    assert contract["source"] == "docs/wire.md" or contract["source"].startswith("https://")


def test_every_contract_has_files() -> None:
    """None of them goes untried."""
    assert {folder.name for folder in FOLDER.iterdir()} == set(CONTRACTS)
