"""What the store keeps of webhooks: a partner's registration, and the events on their way to it. Pure.

An event is kept as what happened, in our words; what is sent is made of it whenever it is sent.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

import msgspec

from vetline.store.happenings import COUNTED
from vetline.vetting.case import Case, Event
from vetline.vetting.words import Programme

_EVENTS: Final = UUID("5f0c8d3e-6a51-4c0b-9d86-1f4f1f0a7c11")


class Kind(StrEnum):
    """What an event tells of."""

    CASE = "case"
    TEST = "test"


class DeliveryState(StrEnum):
    """Where an event is: on its way, with its partner, or given up and put aside."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


class Registration(msgspec.Struct, frozen=True):
    """Where a partner wants which events.

    Parameters:
        partner: whose it is; each has one.
        subscriber: the registration's own id, a lower-case GUID.
        url: where to.
        events: the names of the events, as the partner gave them.
        wants: those of them that happen here.
        in_ms_header: whether the signature goes into a header of its own; `None` when the partner does not say.
        secret: what Standard Webhooks signatures are made with; empty for none.
    """

    partner: str
    subscriber: str
    url: str
    events: tuple[str, ...]
    wants: tuple[Kind, ...]
    in_ms_header: bool | None = None
    secret: str = ""

    @property
    def wants_cases(self) -> bool:
        """Whether the partner wants to hear when a case moves."""
        return Kind.CASE in self.wants


class Attempt(msgspec.Struct, frozen=True):
    """One attempt to deliver an event.

    Parameters:
        at: when it ended, UTC.
        status: what the receiver answered; 0 when there was no answer.
        message: why it failed; empty when it did not.
    """

    at: datetime
    status: int
    message: str = ""


class Delivery(msgspec.Struct, frozen=True):
    """An event on its way to a partner.

    Parameters:
        partner, id: lower-case GUIDs.
        kind: what it tells of.
        at: when that happened, UTC.
        due_at: when it is to be sent, UTC.
        customer, programme, version: of the case as it then was; empty, `None` and 0 for a test.
        state: where it is.
        attempts: how often it was sent since it last began.
        results: what came of the latest attempts, the first one first.
    """

    partner: str
    id: str
    kind: Kind
    at: datetime
    due_at: datetime
    customer: str = ""
    programme: Programme | None = None
    version: int = 0
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    results: tuple[Attempt, ...] = ()


class DeliveryQuery(msgspec.Struct, frozen=True):
    """Which of a partner's deliveries are wanted, the newest first.

    Parameters:
        limit: how many at most.
        state: where they are; `None` for anywhere.
        customer: whose cases they tell of; empty for all.
    """

    limit: int
    state: DeliveryState | None = None
    customer: str = ""


def told(case: Case, event: Event) -> Iterator[Delivery]:
    """Yield what its partner is told of a case's step: nothing of what only reviewers see."""
    if event.step in COUNTED:
        yield Delivery(
            partner=case.partner,
            id=_id(case, event),
            kind=Kind.CASE,
            at=event.at,
            due_at=event.at,
            customer=case.customer,
            programme=case.programme,
            version=case.version,
        )


def _id(case: Case, event: Event) -> str:
    """The same step has the same id, however often it is planned; a customer may go and come again."""
    name = f"{case.partner} {case.customer} {case.programme.value} {case.version} {event.at.isoformat()}"
    return str(uuid5(_EVENTS, name))
