"""What happened at a partner, as its partner is told of it. Pure: both stores ask and answer in these words."""

from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from vetline.store import documents
from vetline.store.happenings import COUNTED
from vetline.store.records import Customer
from vetline.vetting.case import Event, Step
from vetline.vetting.words import Programme

# The steps that a partner does not see: what is only referred or proposed stays among the reviewers.
UNTOLD: Final = tuple(step.value for step in Step if step not in COUNTED)


class AuditPlace(NamedTuple):
    """Where something stands among all that happened: its moment, then whatever tells it from others of that moment.

    Parameters:
        at: when, UTC.
        customer: to which customer; the first GUID of all before any.
        programme: in which programme; empty for the customer itself.
        version: which version of its case it made; 0 for the customer itself.
    """

    at: datetime
    customer: str = "00000000-0000-0000-0000-000000000000"
    programme: str = ""
    version: int = 0


class AuditQuery(msgspec.Struct, frozen=True):
    """What is asked for, the newest first.

    Parameters:
        since: from which moment.
        before: up to this place, which is left out.
        size: how many at most.
        name: what the customer's name has in it, in any case; empty for all.
        customer: which customer; empty for all.
    """

    since: datetime
    before: AuditPlace
    size: int
    name: str = ""
    customer: str = ""


class Happened(msgspec.Struct, frozen=True):
    """One thing that happened.

    Parameters:
        place: when, and to whom.
        customer: as it is today.
        event: a qualification's step; `None`: the customer was created.
        before: the step before it that the partner was told of; `None` when there was none.
    """

    place: AuditPlace
    customer: Customer
    event: Event | None = None
    before: Event | None = None

    @property
    def programme(self) -> Programme:
        """The programme of a step."""
        return Programme(self.place.programme)


def told(customer: Customer, place: AuditPlace, event: str | None, before: str | None) -> Happened:
    """Return what happened, of its event and the one before it as they are kept."""
    first, second = (documents.event_of(text) if text else None for text in (event, before))
    return Happened(place, customer, first, second)
