"""Where a partner waits for a decision instead of asking again and again.

Who waits holds nothing that others need: no lock, no snapshot of the database, only a bell. The wait is real time, also
where the sandbox's clock jumps: it is the patience of a connection, not of a case.
"""

import asyncio
import contextlib
from collections.abc import Sequence

from vetline.desk.partner import PartnerDesk
from vetline.store.port import Store
from vetline.store.records import Standing

# A decision that another process saves is noticed this late; an indexed read of microseconds is all that it costs.
LOOK_SECONDS = 0.5


class WaitingRoom:
    """Where partners wait.

    Parameters:
        desk: answers the first look, which is a read like any other.
        store: answers the looks after that.
    """

    def __init__(self, desk: PartnerDesk, store: Store) -> None:
        self._desk = desk
        self._store = store
        self._closed = False

    async def decided(self, partner: str, customer: str, seconds: float) -> Sequence[Standing]:
        """Return how a customer stands, as soon as nothing is in review, and at the latest after so many seconds.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        with self._store.bells.bell(partner, customer) as bell:
            found = await self._desk.standing(partner, customer)
            while _in_review(found) and not self._closed and (left := end - clock()) > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(left, LOOK_SECONDS)):
                        await bell.wait()
                bell.clear()
                found = await self._store.standing(partner, customer)
        return found

    def close(self) -> None:
        """Let everybody go, and nobody wait any more."""
        self._closed = True
        self._store.bells.ring_all()


def _in_review(standings: Sequence[Standing]) -> bool:
    return any(standing.in_review for standing in standings)
