"""What an upload's page shows before its rows are counted, and when it looks again."""

import pytest
from msgspec.structs import replace

from tests.store.records import T0
from tests.store.uploads import upload
from vetline.console.uploads.showing import Count, Shown
from vetline.desk.counting import SHOWN_SECONDS, RowCount
from vetline.desk.uploads import Progress
from vetline.store.uploads import RowKind, RowState, Trouble, UploadState
from vetline.vetting.words import Stage

OPEN, DONE, REFUSED = UploadState.OPEN, UploadState.DONE, UploadState.REFUSED
DECIDED = RowKind(RowState.SENT, None, Stage.APPROVED, None, 5)
IN_REVIEW = RowKind(RowState.SENT, None, Stage.REVIEWING, None, 4)
FAILED = RowKind(RowState.FAILED, Trouble.CUSTOMER_UNKNOWN, None, None, 3)


def shown(state: UploadState, *kinds: RowKind, is_fresh: bool = True, waiting: int = 0) -> Shown:
    """Return an upload of twelve rows, counted when there are kinds."""
    count = RowCount(kinds, T0, is_fresh) if kinds else None
    return Shown(Progress(replace(upload(), state=state, rows=12, waiting=waiting, failed=3), count, ()), 0)


def test_progress_is_known_before_the_outcomes_are() -> None:
    seen = shown(OPEN, waiting=8)
    assert (seen.settled, seen.failed, seen.counts) == (4, 3, [])


def test_progress_and_outcomes_are_of_one_moment() -> None:
    """The upload was read a little earlier than its rows were counted."""
    seen = shown(OPEN, DECIDED, IN_REVIEW, FAILED, waiting=8)
    assert seen.settled == sum(one.count for one in seen.counts) == 12
    assert Count("approved", "", 5) in seen.counts


@pytest.mark.parametrize("seen", [shown(OPEN, FAILED), shown(DONE), shown(DONE, DECIDED, is_fresh=False)])
def test_page_looks_again_soon_while_something_is_to_come(seen: Shown) -> None:
    assert seen.looks_again_in == 2


def test_page_of_cases_in_review_looks_again_while_its_count_may_be_shown() -> None:
    """Otherwise a long one would be gone each time, and be counted before the reader's eyes."""
    again = shown(DONE, DECIDED, IN_REVIEW).looks_again_in
    assert again is not None
    assert 2 < again < SHOWN_SECONDS


@pytest.mark.parametrize("seen", [shown(DONE, DECIDED, FAILED), shown(REFUSED)])
def test_page_of_what_stands_still_does_not_look_again(seen: Shown) -> None:
    assert seen.looks_again_in is None
