"""An error as an answer, in the shape of the contract that is spoken."""

from vetline.api.call import Answer
from vetline.wire.contract import Contract
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.fault_bodies import fault_body
from vetline.wire.faults import FaultError


def fault_answer(error: FaultError, contract: Contract = DOCUMENTED) -> Answer:
    """Return the answer that an error is."""
    body, media_type = fault_body(error, contract)
    own = () if media_type == contract.content_type else ((b"content-type", media_type),)
    return Answer(error.fault.status, body, error.headers + own)
