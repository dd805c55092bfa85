"""The vetting modes: when a submission is screened, and how much the machine may decide."""

from datetime import timedelta

import pytest

from tests.vetting.cases import APPROVAL, DENIAL, REFERRAL, T0
from vetline.sandbox.steering.modes import pacing_named
from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.pacing import Latitude, Pacing

VERDICTS = [APPROVAL, DENIAL, REFERRAL]


@pytest.mark.parametrize(
    ("mode", "delay"),
    [("auto", 0), ("immediate", 0), ("by-hand", 0), ("after:90", 90), ("after:0", 0), ("after-polls:3", None)],
)
def test_mode_says_when_the_screening_looks(mode: str, delay: int | None) -> None:
    """At once, after a time, or not by time at all."""
    expected = None if delay is None else T0 + timedelta(seconds=delay)
    assert pacing_named(mode).screen_at(T0) == expected
    assert pacing_named(mode).at_once is (delay == 0)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_default_mode_leaves_every_verdict_as_it_is(verdict: Verdict) -> None:
    """Where the data is sure it decides, and everything else is a person's."""
    assert Pacing().temper(verdict) is verdict


@pytest.mark.parametrize("mode", ["immediate", "after:5", "after-polls:2"])
def test_modes_without_a_person_settle_only_what_is_unsure(mode: str) -> None:
    """A sure verdict holds; an unsure one becomes an approval that says so."""
    pacing = pacing_named(mode)
    assert [pacing.temper(sure) for sure in (APPROVAL, DENIAL)] == [APPROVAL, DENIAL]
    settled = pacing.temper(REFERRAL)
    assert (settled.outcome, settled.rule, settled.reason) == (Outcome.APPROVE, "vetting-mode", None)
    assert settled.evidence[-1].saw == "settled without a person"


@pytest.mark.parametrize("verdict", [APPROVAL, DENIAL])
def test_by_hand_decides_nothing_but_says_what_it_would(verdict: Verdict) -> None:
    """The reviewer sees the triage's own outcome and evidence beside the referral."""
    tempered = pacing_named("by-hand").temper(verdict)
    assert (tempered.outcome, tempered.reason) == (Outcome.REFER, None)
    assert verdict.outcome.value in tempered.evidence[-1].saw
    assert tempered.evidence[:-1] == verdict.evidence


@pytest.mark.parametrize("latitude", list(Latitude))
@pytest.mark.parametrize("verdict", VERDICTS)
def test_tempering_twice_is_tempering_once(latitude: Latitude, verdict: Verdict) -> None:
    """A mode's verdict is already what the mode wants."""
    pacing = Pacing(latitude=latitude)
    assert pacing.temper(pacing.temper(verdict)) == pacing.temper(verdict)


@pytest.mark.parametrize("text", ["", "Auto", "after", "after:", "after:-1", "after:1.5", "after:1e3", "after-polls:x",
                                  "after:999999999999", "after:٣"])  # fmt: skip
def test_unknown_mode_is_refused_by_name(text: str) -> None:
    """The sentence repeats what was given and names what there is."""
    with pytest.raises(ValueError, match="is no vetting mode: give auto, immediate"):
        pacing_named(text)
