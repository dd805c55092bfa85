"""Who waits for a customer's cases to move, and is told after the commit.

In memory, beside each store: a change that another process saves rings no bell here, so whoever waits also looks from
time to time. A bell says that something may be new, never what.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from vetline.store.changes import CaseMoved, Change, CustomerAdded, CustomerRemoved, Effect

Key = tuple[str, str]


class Bells:
    """The bells of those who wait, by partner and customer. Nothing is kept of a customer for whom nobody waits."""

    def __init__(self) -> None:
        self._hanging: dict[Key, set[asyncio.Event]] = {}

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._hanging.values()))

    @contextmanager
    def bell(self, partner: str, customer: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever one of a customer's cases may have moved; clearing it is the waiter's."""
        key, bell = (partner, customer), asyncio.Event()
        self._hanging.setdefault(key, set()).add(bell)
        try:
            yield bell
        finally:
            bells = self._hanging[key]
            bells.remove(bell)
            if not bells:
                del self._hanging[key]

    def ring(self, change: Change) -> None:
        """Wake those for whom a saved change matters."""
        if not self._hanging:
            return
        for effect in change.effects:
            for bell in self._hanging.get(_customer_of(effect), ()):
                bell.set()

    def ring_all(self) -> None:
        """Wake everybody."""
        for bells in self._hanging.values():
            for bell in bells:
                bell.set()


def _customer_of(effect: Effect) -> Key:
    """Return whose cases an effect moves; no customer for an effect that moves none."""
    match effect:
        case CaseMoved(case=case):
            return case.partner, case.customer
        case CustomerAdded(customer=customer):
            return customer.partner, customer.id
        case CustomerRemoved(partner=partner, customer=removed):
            return partner, removed
        case _:
            return "", ""
