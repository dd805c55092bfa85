"""A verdict cannot be written that the wire could not say."""

import pytest

from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.words import Reason


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Outcome.DENY, None), (Outcome.APPROVE, Reason.NOT_EDUCATION), (Outcome.REFER, Reason.RESTRICTED)],
)
def test_a_reason_belongs_to_a_denial_and_a_denial_needs_one(outcome: Outcome, reason: Reason | None) -> None:
    with pytest.raises(ValueError, match="a reason belongs to a denial"):
        Verdict(outcome, "rule", (), "Nothing to do.", reason)
