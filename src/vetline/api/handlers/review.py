"""What reviewers and administrators do: the queue, one case with its evidence, decisions, validation codes."""

from vetline.api.call import Answer, Call
from vetline.api.handlers.common import customer_of, guid_in
from vetline.api.translate import PROGRAMMES, REASONS, code_view, json_answer, refused
from vetline.api.translate_review import case_view, queue_view, read_token
from vetline.desk.reviewer import NoSuchCaseError, ReviewDesk, StaleCaseError
from vetline.store.queue import CaseKey
from vetline.store.records import Code
from vetline.vetting.commands import Approve, Deny
from vetline.vetting.refusals import Refusal
from vetline.wire import faults, words
from vetline.wire.faults import FaultError
from vetline.wire.review import DecisionRequest, read_code, read_decision

MAX_QUEUE = 200


class ReviewHandlers:
    """The operations of the review desk.

    Parameters:
        desk: what a reviewer may do.
    """

    def __init__(self, desk: ReviewDesk) -> None:
        self._desk = desk

    async def queue(self, call: Call) -> Answer:
        """Answer with the cases that wait for a person, the longest waiting first."""
        size = _size(call.query.get("size", "50"))
        rows = await self._desk.queue(read_token(call.query.get("next", "")), size + 1)
        return json_answer(200, queue_view(list(rows[:size]), len(rows) > size))

    async def case(self, call: Call) -> Answer:
        """Answer with one case, its evidence and its history."""
        return await self._file(_key(call))

    async def approve(self, call: Call) -> Answer:
        """Approve a case."""
        wanted = read_decision(call.body, with_reason=False)
        return await self._decide(call, Approve(_reviewer(call), wanted.note), wanted)

    async def deny(self, call: Call) -> Answer:
        """Deny a case with one of the seven reasons, or end an approval."""
        wanted = read_decision(call.body, with_reason=True)
        return await self._decide(call, Deny(_reviewer(call), REASONS[wanted.reason], wanted.note), wanted)

    async def issue_code(self, call: Call) -> Answer:
        """Give a partner a validation code, or change its particulars."""
        wanted = read_code(call.body)
        code = Code(
            partner=guid_in(call, "partner_id"),
            code=wanted.validation_id,
            organization=wanted.organization_name,
            max_creates=wanted.max_creates,
            remaining=wanted.remaining_creates,
            changed_at=call.now,
        )
        await self._desk.issue_code(code)
        return json_answer(200, code_view(code))

    async def _decide(self, call: Call, command: Approve | Deny, wanted: DecisionRequest) -> Answer:
        key = _key(call)
        try:
            outcome = await self._desk.decide(key, command, wanted.version)
        except NoSuchCaseError as error:
            raise FaultError(faults.NOT_FOUND) from error
        except StaleCaseError as error:
            raise FaultError(faults.CONCURRENT_CHANGE) from error
        return refused(outcome) if isinstance(outcome, Refusal) else await self._file(key)

    async def _file(self, key: CaseKey) -> Answer:
        try:
            found = await self._desk.open(key)
        except NoSuchCaseError as error:
            raise FaultError(faults.NOT_FOUND) from error
        return json_answer(200, case_view(found.case, found.customer, found.history))


def _key(call: Call) -> CaseKey:
    name = words.qualification_named(call.parameters["qualification"])
    if name not in PROGRAMMES:
        raise FaultError(faults.NOT_FOUND)
    return CaseKey(guid_in(call, "partner_id"), customer_of(call), PROGRAMMES[name])


def _reviewer(call: Call) -> str:
    return f"reviewer:{call.caller.user or call.caller.application}"


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and 1 <= int(text) <= MAX_QUEUE):
        raise FaultError(faults.INVALID_INPUT, f"Invalid request input: size must be a number from 1 to {MAX_QUEUE}.")
    return int(text)
