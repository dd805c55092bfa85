"""What became of an upload, in words."""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest
from msgspec.structs import replace

from tests.store.uploads import row
from vetline.bulk.outcomes import Outcome
from vetline.bulk.rows import Row, read_rows
from vetline.console.uploads.results import entry_of, results_csv, tally_of
from vetline.store.uploads import RowKind, RowNow, RowState, Trouble, Why
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Reason, Stage

SENT, FAILED, WAITING = RowState.SENT, RowState.FAILED, RowState.WAITING


def now(line: int = 2, stage: Stage | None = None, reason: Reason | None = None) -> RowNow:
    """Return a row that was sent."""
    return RowNow(replace(row(line), state=SENT), stage, reason)


def failed(why: Why, line: int = 2, sentence: str = "") -> RowNow:
    """Return a row that failed."""
    return RowNow(replace(row(line), state=FAILED, why=why, sentence=sentence), None, None)


async def _yielded(rows: Sequence[RowNow]) -> AsyncIterator[RowNow]:
    for one in rows:
        yield one


@pytest.mark.parametrize(
    ("stage", "reason", "outcome", "words"),
    [
        (Stage.SCREENING, None, Outcome.IN_REVIEW, ("InReview", "")),
        (Stage.REVIEWING, None, Outcome.IN_REVIEW, ("InReview", "")),
        (Stage.APPROVED, None, Outcome.APPROVED, ("Approved", "")),
        (Stage.DENIED, Reason.RESTRICTED, Outcome.DENIED, ("Denied", "Restricted being an Education Customer")),
        (Stage.HELD, None, Outcome.HELD, ("", "")),
    ],
)
def test_sent_row_stands_as_its_case(
    stage: Stage, reason: Reason | None, outcome: Outcome, words: tuple[str, str]
) -> None:
    """In the wire's words."""
    entry = entry_of(now(2, stage, reason))
    assert (entry.outcome, (entry.status, entry.reason)) == (outcome, words)
    assert entry.request_id == row(2).request_id


@pytest.mark.parametrize("why", [*Refusal, *Trouble])
def test_every_failure_has_words(why: Why) -> None:
    """And a line in the summary."""
    entry = entry_of(failed(why, sentence="what the check says"))
    assert entry.outcome is Outcome.FAILED
    assert entry.error
    assert tally_of([RowKind(FAILED, why, None, None, 3)]).total() == 3


def test_foreign_customer_is_named_as_a_request_names_it() -> None:
    """With the documented pair of ids."""
    entry = entry_of(failed(Trouble.CUSTOMER_FOREIGN))
    assert entry.code == "20002"
    assert row(2).partner in entry.error
    assert row(2).cells[0] in entry.error


def test_row_of_a_customer_who_is_gone_says_so() -> None:
    """It was sent, and there is nothing to be seen of it any more."""
    assert entry_of(now()).code == "60003"


def test_kinds_are_added_up() -> None:
    """Those that read the same are one line."""
    kinds = [
        RowKind(SENT, None, Stage.SCREENING, None, 2),
        RowKind(SENT, None, Stage.REVIEWING, None, 3),
        RowKind(WAITING, None, None, None, 4),
        RowKind(FAILED, Refusal.ALREADY_QUALIFIED, None, None, 5),
    ]
    assert tally_of(kinds) == Counter(
        {
            (Outcome.IN_REVIEW, ""): 5,
            (Outcome.NOT_SENT, ""): 4,
            (Outcome.FAILED, "900141 AlreadyQualified"): 5,
        }
    )


async def test_results_are_a_valid_input_without_formulas() -> None:
    """The cells come back as they were given, whatever they hold."""
    rows = [now(2, Stage.APPROVED), RowNow(row(3), None, None), failed(Trouble.NOT_VALID, 4, "=cmd()")]
    text = "".join([line async for line in results_csv(_yielded(rows))])
    again = [one.cells for one in read_rows(io.BytesIO(text.encode())) if isinstance(one, Row)]
    assert again == [one.row.cells for one in rows]
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [line["outcome"] for line in lines] == ["approved", "not_sent", "failed"]
    assert (lines[0]["website"], lines[2]["error"]) == ("'=1+1\0ä", "'=cmd()")
