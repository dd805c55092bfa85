"""A retry with the same MS-RequestId gets the first answer again, byte for byte.

The answer is saved in the transaction of the effect that it tells of. So equal requests that run at the same time meet
in the store: one saves, the others are told of its answer.
Source: https://learn.microsoft.com/partner-center/developer/headers (6/7/2022): the id is the idempotency key.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Generic, TypeVar

from vetline.api.call import Answer, Call, Memo
from vetline.api.faulting import fault_answer
from vetline.api.router import Handler
from vetline.store.changes import Change
from vetline.store.port import AlreadyAnsweredError, Store, UnavailableError, UnknownCustomerError
from vetline.store.records import Remembered
from vetline.wire import faults
from vetline.wire.faults import FaultError

Outcome = TypeVar("Outcome")

# Answers about the request and about what the customer holds. Who may call, and whether the service is well, can
# change until the retry.
_REMEMBERED = frozenset({200, 201, 204, 400, 404, 409})


def memo_of(call: Call) -> Memo | None:
    """Return how a call is recognised, `None` when its client gave no MS-RequestId."""
    if not call.trace.request_id_given:
        return None
    path = "/".join(call.segments).replace("{", "").replace("}", "")  # a GUID in braces is the same GUID
    name = f"{call.method} {path} ".encode() + call.trace.request_id.lower()
    asked = len(call.raw_query).to_bytes(4, "big") + call.raw_query + call.body
    return Memo(blake2b(name, digest_size=16).digest(), blake2b(asked, digest_size=16).digest())


def remembered(call: Call, answer: Answer) -> Remembered | None:
    """Return an answer as it is kept for a retry of its call; `None` when it is not kept."""
    memo = call.memo
    if memo is None or answer.status not in _REMEMBERED:
        return None
    return Remembered(call.caller.tenant, memo.key, memo.fingerprint, answer.status, answer.body, call.now)


class Sealed(Generic[Outcome]):
    """Makes the answer of an outcome once, for the store and for the client alike.

    Parameters:
        call: the request.
        render: makes the answer.
    """

    def __init__(self, call: Call, render: Callable[[Outcome], Answer]) -> None:
        self._call = call
        self._render = render
        self.answer = Answer(500)

    def __call__(self, outcome: Outcome) -> Remembered | None:
        """Return the answer to an outcome as it is to be kept."""
        self.answer = self._render(outcome)
        return remembered(self._call, self.answer)


async def once(call: Call, handler: Handler, store: Store) -> Answer:
    """Answer a call, or answer as its first try was answered: the store tells when it is to save a second answer.

    Raises:
        FaultError: RequestIdReused when the same id comes with another body; InvalidRequestId.
    """
    if call.trace.request_id_unusable:
        raise FaultError(faults.INVALID_REQUEST_ID)
    memo = call.memo = memo_of(call)
    if memo is None:
        return await handler(call)
    try:
        return await _answered(call, handler, store)
    except AlreadyAnsweredError as earlier:
        return _replay(earlier.answer, memo)
    except UnavailableError:  # nothing can be saved now, but what was saved before can still be told
        if (found := await store.answer(call.caller.tenant, memo.key)) is None:
            raise
        return _replay(found, memo)


async def _answered(call: Call, handler: Handler, store: Store) -> Answer:
    """A handler saves its answer with its effect; what it raises has no effect, and is saved here."""
    try:
        return await handler(call)
    except UnknownCustomerError:
        return await _kept(call, FaultError(faults.CUSTOMER_NOT_FOUND), store)
    except FaultError as error:
        return await _kept(call, error, store)


async def _kept(call: Call, error: FaultError, store: Store) -> Answer:
    answer = fault_answer(error, call.contract)
    kept = remembered(call, answer)
    if kept is None:
        raise error
    await store.save(Change(answer=kept))
    return answer


def _replay(found: Remembered, memo: Memo) -> Answer:
    if found.fingerprint != memo.fingerprint:
        raise FaultError(faults.REQUEST_ID_REUSED)
    return Answer(found.status, found.body)
