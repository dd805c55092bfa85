"""A decision that a person has made and that has not taken effect yet.

With a due moment on its case it settles by itself unless somebody withdraws it before; without one it waits for a
second person. Nothing of it is on the wire: to its partner the case stands where it stood.
"""

from datetime import datetime

import msgspec

from vetline.vetting.evidence import Outcome
from vetline.vetting.words import Reason


class Proposal(msgspec.Struct, frozen=True):
    """What a reviewer wants to become of a case.

    Parameters:
        outcome: approve, or deny, which ends an approval where there is one.
        reason: given exactly when it is a denial.
        note: the staff's own words.
        actor: who proposes.
        at: when, UTC.
        seconded_by: who agreed, empty where nobody had to.

    Raises:
        ValueError: it proposes nothing, or a reason is missing or too many.
    """

    outcome: Outcome
    reason: Reason | None
    note: str
    actor: str
    at: datetime
    seconded_by: str = ""

    def __post_init__(self) -> None:
        """Refuse what nobody could carry out."""
        if self.outcome is Outcome.REFER or (self.outcome is Outcome.DENY) != (self.reason is not None):
            raise ValueError("an approval is proposed without a reason, a denial with one")

    @property
    def people(self) -> tuple[str, ...]:
        """Who wants it: one person, or two."""
        return (self.actor, self.seconded_by) if self.seconded_by else (self.actor,)

    def agrees(self, other: "Proposal") -> bool:
        """Whether both want the same for the same reason."""
        return (self.outcome, self.reason) == (other.outcome, other.reason)
