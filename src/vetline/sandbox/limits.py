"""Partner Center's limits as switches: how many customers a partner may have, how often it may ask.

Sources: https://learn.microsoft.com/partner-center/develop/test-and-debug (75 customers),
https://learn.microsoft.com/partner-center/developer/customer-resources (500 requests in a minute)
"""

import asyncio

import msgspec

from vetline.api.limiter import Limiter
from vetline.clock import Clock
from vetline.desk.customers import CustomerDesk, Seal
from vetline.store.port import Store
from vetline.store.records import Customer, CustomerQuery
from vetline.wire import faults
from vetline.wire.faults import FaultError


class Limits(msgspec.Struct, frozen=True):
    """What a partner may have and do; `None` for as much as it likes.

    Parameters:
        customers: how many customers.
        requests_per_minute: how many requests, by the world's clock.
    """

    customers: int | None = None
    requests_per_minute: int | None = None


NONE = Limits()
PARTNER_CENTER = Limits(customers=75, requests_per_minute=500)


class LimitsSwitch:
    """The limits of a world.

    Parameters:
        begin_with: those of a fresh world.

    Attributes:
        begin_with: see above.
        limits: those that hold.
        limiter: counts requests by them.
    """

    def __init__(self, begin_with: Limits = NONE) -> None:
        self.begin_with = begin_with
        self.limiter = Limiter(0)
        self.set(begin_with)

    def set(self, limits: Limits) -> None:
        """Let other limits hold."""
        self.limits = limits
        self.limiter.per_minute = limits.requests_per_minute or 0

    def restore(self, limits: Limits) -> None:
        """Let other limits hold, and count requests anew."""
        self.limiter.forget()
        self.set(limits)

    def reset(self) -> None:
        """Let those of a fresh world hold, and count requests anew."""
        self.restore(self.begin_with)


class LimitedCustomerDesk(CustomerDesk):
    """A customer desk that takes no more customers than a partner may have.

    Parameters:
        store, clock: see `CustomerDesk`.
        switch: says how many.
    """

    def __init__(self, store: Store, clock: Clock, switch: LimitsSwitch) -> None:
        super().__init__(store, clock)
        self._switch = switch
        self._one_at_a_time = asyncio.Lock()

    async def add(self, draft: Customer, seal: Seal) -> Customer:
        """Keep a new customer; see `CustomerDesk.add`.

        Raises:
            FaultError: the partner has as many as it may have.
        """
        if self._switch.limits.customers is None:
            return await super().add(draft, seal)
        async with self._one_at_a_time:
            await self._check(draft.partner)
            return await super().add(draft, seal)

    async def _check(self, partner: str) -> None:
        most = self._switch.limits.customers
        if most is not None and len(await self._store.customers(partner, CustomerQuery(most))) >= most:
            raise FaultError(faults.SANDBOX_FULL)
