"""When a submission is screened, and how much the machine may decide: the vetting modes."""

from datetime import datetime, timedelta
from enum import Enum

import msgspec
from msgspec.structs import replace

from vetline.vetting.evidence import Evidence, Outcome, Verdict


class Latitude(Enum):
    """How much is decided without a person."""

    WHERE_SURE = "where the data is sure"
    ALWAYS = "always, in the customer's favour where the data is not sure"
    NEVER = "never"


class Pacing(msgspec.Struct, frozen=True):
    """A vetting mode.

    Parameters:
        delay: how long after the submission the screening looks; `None`: not by time.
        latitude: how much it may decide.
        polls: how many reads of the customer's standing wake the screening; 0: reads do not matter.
    """

    delay: timedelta | None = timedelta(0)
    latitude: Latitude = Latitude.WHERE_SURE
    polls: int = 0

    @property
    def at_once(self) -> bool:
        """Whether the screening looks without delay."""
        return self.delay == timedelta(0)

    def screen_at(self, now: datetime) -> datetime | None:
        """Return when a case submitted now is to be screened."""
        return None if self.delay is None else now + self.delay

    def temper(self, verdict: Verdict) -> Verdict:
        """Return the verdict that this mode makes of the triage's own."""
        if self.latitude is Latitude.ALWAYS and verdict.outcome is Outcome.REFER:
            return _overruled(verdict, Outcome.APPROVE, "settled without a person")
        if self.latitude is Latitude.NEVER and verdict.outcome is not Outcome.REFER:
            return _overruled(verdict, Outcome.REFER, f"left to a person; the triage would {verdict.outcome.value}")
        return verdict


def _overruled(verdict: Verdict, outcome: Outcome, saw: str) -> Verdict:
    evidence = Evidence("vetting-mode", saw, "settings", "")
    return replace(verdict, outcome=outcome, rule="vetting-mode", evidence=(*verdict.evidence, evidence), reason=None)
