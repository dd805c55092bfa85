"""Delivers events to partners, and forgets those that nobody asks for any more."""

from datetime import timedelta
from typing import Final

from vetline.clock import Clock
from vetline.desk.delivering import Delivering
from vetline.store.port import Store
from vetline.store.webhooks import DeliveryState

# All of it is sent at the same time: a worker that is told to stop waits for one receiver's answer, not for several.
BATCH: Final = 16
# So many batches are sent side by side: a receiver that hangs holds up few, and has few places in each.
LANES: Final = 4
FORGOTTEN: Final = 1_000
# What arrived is of interest for a while, what did not for longer: somebody may want to have it sent again.
KEPT: Final = {DeliveryState.DELIVERED: timedelta(days=7), DeliveryState.PARKED: timedelta(days=30)}


class DeliveryDuty:
    """Sends what is due; several of them work side by side.

    Parameters:
        delivering: sends it.
    """

    interval_seconds = 1.0

    def __init__(self, delivering: Delivering) -> None:
        self._delivering = delivering

    async def run_once(self) -> bool:
        """Send one batch; return whether more may be due."""
        return await self._delivering.work(BATCH) == BATCH


class OldDeliveriesDuty:
    """Removes deliveries that are long settled, a batch at a time so that nobody waits long for the writer.

    Parameters:
        store: where they are.
        clock: the time.
    """

    interval_seconds = 60.0

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run_once(self) -> bool:
        """Forget one batch of each kind; return whether more may be old enough."""
        now = self._clock.now()
        gone = [await self._store.webhooks.forget(state, now - kept, FORGOTTEN) for state, kept in KEPT.items()]
        return FORGOTTEN in gone
