"""Every contract, as a client of its documents meets it: its files against a sandbox that was started with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.conftest import Servers
from tests.contract.described import Described
from tests.contract.laws import broken_in_every_contract
from tests.contract.runner import plainly, play
from tests.contract.test_contract import read
from tests.support.sending import Received, Sent
from vetline.wire.contracts import CONTRACTS

FOLDER = Path(__file__).parent / "variants"
FILES = sorted(FOLDER.glob("*/*.json"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}-{file.stem}" for file in FILES])
def test_variant(file: Path, servers: Servers) -> None:
    """The sandbox answers as the file says, and as it says itself at /openapi.json."""
    server = servers.with_options(("--contract", file.parent.name))
    described = Described(server.http.get("/openapi.json").raise_for_status().json())

    def laws(sent: Sent, found: Received) -> Iterator[str]:
        yield from broken_in_every_contract(sent, found)
        yield from described.broken(sent, found)

    play(read(file), server, plainly, laws)


POST = "/v1/customers/{customer_id}/qualifications"
DATES = {"vettingCreateDate", "vettingCreatedDate"}


@pytest.mark.parametrize(
    ("contract", "dates"),
    [("documented", DATES), ("live", DATES), ("sdk-3.4", {"vettingCreateDate"}), ("swagger", {"vettingCreateDate"})],
)
def test_only_the_dates_that_are_written_are_described(contract: str, dates: set[str], servers: Servers) -> None:
    """A client that is generated from the description looks for no other."""
    document = servers.with_options(("--contract", contract)).http.get("/openapi.json").json()
    assert {*document["components"]["schemas"]["QualificationView"]["properties"]} & DATES == dates


def test_a_world_describes_its_own_contract(servers: Servers) -> None:
    """To whoever asks by its control routes."""
    server = servers.with_options(("--contract", "documented"))
    made = server.http.post("/sandbox/worlds", json={"contract": "swagger"}).raise_for_status().json()
    ours, theirs = (
        server.http.get(where).raise_for_status().json()
        for where in (
            "/sandbox/openapi.json",
            f"{made['endpoints']['control']}/openapi.json",
        )
    )
    server.http.delete(made["endpoints"]["control"]).raise_for_status()
    assert ours == server.http.get("/openapi.json").json()
    created = [one["paths"][POST]["post"]["responses"] for one in (ours, theirs)]
    assert ["201" in one for one in created] == [True, False]
    assert ["200" in one for one in created] == [False, True]


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}-{file.stem}" for file in FILES])
def test_file_is_described(file: Path) -> None:
    """Each file has a title, steps, and a source that can be looked up."""
    contract = read(file)
    assert contract.keys() == {"title", "source", "steps"}
    assert contract["source"] == "docs/wire.md" or contract["source"].startswith("https://")


def test_every_contract_has_files() -> None:
    """None of them goes untried."""
    assert {folder.name for folder in FOLDER.iterdir()} == set(CONTRACTS)
