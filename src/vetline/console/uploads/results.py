"""What became of an upload, in the words of the wire: as `vetline bulk` tells it, to the letter."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Final

from vetline.api.translate import FAULTS, REASON_TEXTS, STATUSES
from vetline.bulk.outcomes import Entry, Outcome, outcome_of
from vetline.bulk.results import Tally, header_line, reason_of, result_line
from vetline.store.uploads import RowKind, RowNow, RowState, Trouble, Why
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Reason, Stage
from vetline.wire import faults
from vetline.wire.faults import Fault, FaultError

TROUBLES: Final[dict[Trouble, Fault]] = {
    Trouble.ROLE_MISSING: faults.INSUFFICIENT_PRIVILEGES,
    Trouble.CUSTOMER_UNKNOWN: faults.CUSTOMER_NOT_FOUND,
    Trouble.CUSTOMER_FOREIGN: faults.NO_RELATIONSHIP,
    Trouble.UNEXPECTED: faults.UNEXPECTED,
}


async def results_csv(rows: AsyncIterator[RowNow]) -> AsyncIterator[str]:
    """Yield the results line by line; they are themselves a valid input."""
    yield header_line()
    async for now in rows:
        yield result_line(now.row.cells, entry_of(now))


def entry_of(now: RowNow) -> Entry:
    """Return what became of a row."""
    row = now.row
    customer = row.wanted.customer if row.wanted else ""
    request_id = "" if row.state is RowState.WAITING or row.why is Trouble.NOT_VALID else row.request_id
    if row.state is RowState.FAILED:
        return _failure(row.line, row.why, row.sentence, request_id, partner=row.partner, customer=customer)
    return _standing(row.line, row.state, now.stage, now.reason, request_id)


def tally_of(kinds: Iterable[RowKind]) -> Tally:
    """Return how many rows have each outcome and reason."""
    found: Tally = Counter()
    for kind in kinds:
        entry = _of_kind(kind)
        found[entry.outcome, reason_of(entry)] += kind.count
    return found


def _of_kind(kind: RowKind) -> Entry:
    if kind.state is RowState.FAILED:
        return _failure(0, kind.why, "", "", partner="", customer="")
    return _standing(0, kind.state, kind.stage, kind.reason, "")


def _standing(line: int, state: RowState, stage: Stage | None, reason: Reason | None, request_id: str) -> Entry:
    if state is RowState.WAITING:
        return Entry(row=line, outcome=Outcome.NOT_SENT)
    if stage is None:  # the customer was removed since
        return _failure(line, Trouble.CUSTOMER_UNKNOWN, "", request_id, partner="", customer="")
    status = STATUSES[stage]
    return Entry(
        row=line,
        outcome=outcome_of(status),
        request_id=request_id,
        status=status or "",
        reason=REASON_TEXTS[reason] if reason else "",
    )


def _failure(line: int, why: Why | None, sentence: str, request_id: str, *, partner: str, customer: str) -> Entry:
    if why is None or why is Trouble.NOT_VALID:
        return Entry(row=line, outcome=Outcome.FAILED, name="NotValid", error=sentence)
    fault = FAULTS[why] if isinstance(why, Refusal) else TROUBLES[why]
    error = FaultError(fault, partner=partner, customer=customer)
    return Entry(
        row=line,
        outcome=Outcome.FAILED,
        request_id=request_id,
        code=fault.code,
        name=fault.name,
        error=error.description,
    )
