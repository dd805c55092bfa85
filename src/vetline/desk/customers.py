"""What a partner may do with its customers, on whom all qualifications hang."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from vetline.clock import Clock
from vetline.desk.retrying import until_saved
from vetline.store.changes import Change, CustomerAdded, CustomerChanged, CustomerRemoved
from vetline.store.port import ConflictError, Store
from vetline.store.records import Billing, Customer, CustomerQuery, Remembered

Seal = Callable[[Customer], Remembered | None]


class CustomerDesk:
    """A partner's customers.

    Parameters:
        store: durable state.
        clock: the time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def page(self, partner: str, query: CustomerQuery) -> Sequence[Customer]:
        """Return a page of a partner's customers, ordered by name and id."""
        return await self._store.customers(partner, query)

    async def get(self, partner: str, customer: str) -> Customer:
        """Return one customer.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        return await self._store.customer(partner, customer)

    async def add(self, draft: Customer, seal: Seal) -> Customer:
        """Keep a new customer; its moment of creation is now.

        Raises:
            AlreadyAnsweredError, UnavailableError.
        """
        customer = replace(draft, created_at=self._clock.now())
        await self._store.save(Change((CustomerAdded(customer),), seal(customer)))
        return customer

    async def change_billing(
        self, partner: str, customer: str, billing: Callable[[Billing], Billing], version: int | None, seal: Seal
    ) -> Customer:
        """Change a customer's billing profile.

        Parameters:
            billing: makes the new profile of the old one.
            version: which version the caller has read; `None` when it does not say.

        Raises:
            ConflictError: the customer is at another version.
            AlreadyAnsweredError, UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """

        async def attempt() -> Customer:
            found = await self._store.customer(partner, customer)
            if version is not None and version != found.version:
                raise ConflictError("the billing profile changed since it was read")
            changed = replace(found, billing=billing(found.billing), version=found.version + 1)
            await self._store.save(Change((CustomerChanged(changed),), seal(changed)))
            return changed

        return await (attempt() if version is not None else until_saved(attempt))

    async def remove(self, partner: str, customer: str) -> None:
        """Forget a customer with everything that was kept of it.

        Raises:
            UnknownCustomerError, ForeignCustomerError, UnavailableError.
        """
        await self._store.customer(partner, customer)
        try:
            await self._store.save(Change((CustomerRemoved(partner, customer),)))
        except ConflictError:
            # Somebody else removed it in between: look again, which says so.
            await self._store.customer(partner, customer)
