"""What strikes a client speaks the contract of the world in which it strikes."""

import pytest

from tests.support.processes import Sandbox
from tests.support.worlds import world
from vetline.wire import faults
from vetline.wire.contracts import CONTRACTS
from vetline.wire.fault_bodies import fault_body
from vetline.wire.faults import FaultError


@pytest.mark.parametrize("name", CONTRACTS)
def test_an_outage_has_the_shape_of_the_contract(sandbox: Sandbox, name: str) -> None:
    with world(sandbox, contract=name) as one:
        path = one.customer("ox.ac.uk").removesuffix("/qualifications")  # some contracts have only one of the two
        one.token(partner=one.contoso)  # else it would be struck first
        one.control("POST", "/faults", json={"kind": "unexpected", "times": 1}).raise_for_status()
        answer = one.partner("GET", path)
        body, media_type = fault_body(FaultError(faults.UNEXPECTED), CONTRACTS[name])
        assert (answer.status_code, answer.content) == (500, body)
        assert answer.headers["content-type"] == media_type.decode()
