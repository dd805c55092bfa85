"""The checker of histories is itself checked: it accepts what may happen and finds each thing that may not."""

import pytest

from tests.durability.checker import ABSENT, Observation, Step, Timelines, violations

KEY = ("c", "Education")
ASKED = Step("submit", "screening", "1", 1)
REFERRED = Step("refer", "reviewing", "2", 1)
DENIED = Step("deny", "denied", "3", 1, "reviewer:rae")
AGAIN = Step("submit", "screening", "4", 2)
LOG = [ASKED, REFERRED, DENIED, AGAIN]


def _read(begun: float, shown: str, ended: float = 0) -> Observation:
    return Observation(begun, ended or begun + 1, KEY, shown)


FIRST, SECOND = (Observation(at, at + 1, KEY, asked=True, date=date) for at, date in ((10, "1"), (40, "4")))
DECISION = Observation(30, 31, KEY, "Denied", decided=True)
GOOD = [_read(5, ABSENT), FIRST, _read(12, "InReview"), DECISION, _read(35, "Denied"), SECOND, _read(45, "InReview")]


def test_what_may_happen_is_accepted() -> None:
    """Also reads that overlap a write, whichever side of it they show."""
    overlapping = [_read(29, shown, ended=32) for shown in ("InReview", "Denied")]
    assert violations(GOOD + overlapping, {KEY: LOG}) == []


@pytest.mark.parametrize(
    ("observed", "log", "word"),
    [
        pytest.param([*GOOD, _read(13, ABSENT)], LOG, "cannot be seen", id="a write is not read by whoever made it"),
        pytest.param([*GOOD, _read(36, "InReview"), _read(38, "Denied")], LOG, "cannot be seen", id="goes back"),
        pytest.param([*GOOD, _read(6, "InReview")], LOG, "only did later", id="sees the future"),
        pytest.param([*GOOD, _read(50, "Approved")], LOG, "cannot be seen", id="was never so"),
        pytest.param(GOOD[:-2], LOG, "acknowledged", id="in the log and never acknowledged"),
        pytest.param([*GOOD, DECISION], LOG, "2 decisions were", id="decision acknowledged and lost"),
        pytest.param(GOOD, LOG[:-1], "acknowledged", id="acknowledged and lost"),
        pytest.param([], [REFERRED], "illegal edge", id="illegal edge"),
        pytest.param([], [ASKED, Step("deny", "denied", "0", 1)], "lies before", id="time runs backwards"),
        pytest.param([], [ASKED, DENIED, Step("submit", "screening", "4", 3)], "attempt 3", id="attempt left out"),
    ],
)
def test_what_may_not_happen_is_found(observed: list[Observation], log: list[Step], word: str) -> None:
    """Each kind of violation is told in words."""
    assert word in "\n".join(violations(observed, {KEY: log}))


def test_education_and_government_at_once_are_found() -> None:
    """Unless one of them is denied."""
    held = [Step("redeem", "approved", "1", 1)]
    both: Timelines = {KEY: [ASKED], ("c", "GovernmentCommunityCloud"): held}
    assert "at once" in "\n".join(violations([], both))
    assert violations([], both | {KEY: [ASKED, DENIED]}) == []
