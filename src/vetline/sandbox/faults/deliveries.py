"""Webhooks that come twice, late, or after their successors. What comes and how it is signed is the service's own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from vetline.desk.delivering import Arrangement
from vetline.logs import get_logger
from vetline.sandbox.faults.kinds import Kind
from vetline.sandbox.faults.operations import Asked
from vetline.sandbox.faults.plan import Entry, Plan
from vetline.store import webhooks
from vetline.store.webhooks import Delivery
from vetline.wire.webhooks import QUALIFICATION_UPDATED, TEST_CREATED

EVENTS: Final = {webhooks.Kind.CASE: QUALIFICATION_UPDATED, webhooks.Kind.TEST: TEST_CREATED}

log = get_logger("vetline.sandbox")


class FaultyDeliveries:
    """Arranges deliveries by a plan of faults; each is struck once at most, before its first attempt.

    Parameters:
        plan: what is to go wrong.
    """

    # One after another: what is out of order, is so because of a fault.
    together = 1

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def arrange(self, due: Sequence[Delivery], now: datetime) -> Arrangement:
        """See `vetline.desk.delivering.Policy`."""
        sent: list[Delivery] = []
        last: list[Delivery] = []
        later: list[tuple[Delivery, datetime]] = []
        for place, one in enumerate(due):
            entry = self._strike(one)
            kind = entry.planned.kind if entry else None
            if entry and (kind is Kind.LATE or (kind is Kind.OUT_OF_ORDER and not _has_successor(due, place))):
                later.append((one, now + timedelta(seconds=entry.planned.seconds)))
                self._plan.put_off.add(one.id)
            elif kind is Kind.OUT_OF_ORDER:
                last.append(one)
            else:
                sent += [one, one] if kind is Kind.DOUBLED else [one]
        return Arrangement([*sent, *last], later)

    def _strike(self, one: Delivery) -> Entry | None:
        if one.attempts or one.id in self._plan.put_off:
            self._plan.put_off.discard(one.id)
            return None
        event = EVENTS[one.kind]
        entry = self._plan.strike(Asked(event, is_delivery=True))
        if entry:
            _tell(entry, event, one, self._plan.seed)
        return entry


def _has_successor(due: Sequence[Delivery], place: int) -> bool:
    """Return whether another event for the same partner is to be sent after one."""
    return any(other.partner == due[place].partner for other in due[place + 1 :])


def _tell(entry: Entry, event: str, one: Delivery, seed: int) -> None:
    kind = str(entry.planned.kind)
    log.info("fault", fault=entry.number, kind=kind, operation=event, delivery=one.id, seed=seed)
