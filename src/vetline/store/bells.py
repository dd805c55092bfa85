"""Who waits for a customer's cases to move, and is told after the commit.

In memory, beside each store. What another process saves rings them only where the store hears of it, and not for sure,
so whoever waits also looks from time to time. A bell says that something may be new, never what.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from vetline.store.changes import CaseMoved, Change, CustomerAdded, CustomerRemoved, Effect

Key = tuple[str, str]


class Bells:
    """The bells of those who wait, by partner and customer. Nothing is kept of a customer for whom nobody waits."""

    def __init__(self) -> None:
        self._hanging: dict[Key, set[asyncio.Event]] = {}
        self._when_due: list[Callable[[], None]] = []

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
        for key in customers_of(change):
            for bell in self._hanging.get(key, ()):
                bell.set()

    def ring_marked(self, marks: Collection[str]) -> None:
        """Wake those whose customer has one of these marks."""
        for (_, customer), bells in self._hanging.items():
            if mark_of(customer) in marks:
                for bell in bells:
                    bell.set()

    def when_due(self, call: Callable[[], None]) -> None:
        """Have a function called whenever there is something to be done without a request."""
        self._when_due.append(call)

    def ring_due(self) -> None:
        """Tell that there is: here, or in another process."""
        for call in self._when_due:
            call()

    def take_down(self) -> None:
        """Tell nobody any more what is due: the store is closed."""
        self._when_due.clear()

    def ring_all(self) -> None:
        """Wake everybody."""
        for bells in self._hanging.values():
            for bell in bells:
                bell.set()


def customers_of(change: Change) -> Iterator[Key]:
    """Yield whose cases a change moves."""
    return (key for effect in change.effects if (key := _customer_of(effect)))


def mark_of(customer: str) -> str:
    """Return a short mark of a customer; others may have the same."""
    return customer[-12:]


def _customer_of(effect: Effect) -> Key | None:
    match effect:
        case CaseMoved(case=case):
            return case.partner, case.customer
        case CustomerAdded(customer=customer):
            return customer.partner, customer.id
        case CustomerRemoved(partner=partner, customer=removed):
            return partner, removed
        case _:
            return None
