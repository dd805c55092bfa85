"""The same files, said through the client: what it sends is what they say, and it reads every answer as they do."""

from pathlib import Path

import pytest

from tests.contract.client import ThroughTheClient
from tests.contract.conftest import Servers
from tests.contract.runner import play
from tests.contract.test_contract import FILES, read

# Operations that the files have the client say; each was documented or recorded for other clients.
SAID = {
    "auditrecords.query",
    "customer.validations",
    "customers.create",
    "customers.delete",
    "customers.get",
    "customers.list",
    "profiles.billing.get",
    "profiles.company.get",
    "qualification.get",
    "qualification.update",
    "qualifications.create",
    "qualifications.list",
    "review.approve",
    "review.case",
    "review.deny",
    "review.queue",
    "validations.list",
    "webhooks.events",
    "webhooks.get",
    "webhooks.register",
    "webhooks.test",
    "webhooks.test.get",
    "webhooks.update",
}


@pytest.fixture(scope="module")
def client() -> ThroughTheClient:
    """What was said through the client in this run."""
    return ThroughTheClient()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_contract_through_the_client(file: Path, servers: Servers, client: ThroughTheClient) -> None:
    """The server answers as the file says when the client asks, and the client understands it so."""
    contract = read(file)
    play(contract, servers.with_options(tuple(contract.get("sandbox", []))), client)


def test_the_client_said_all_its_operations(client: ThroughTheClient) -> None:
    """The files reach every operation that the service has for partners and reviewers, many times over."""
    assert set(client.said) >= SAID
    assert len(client.said) > 300
