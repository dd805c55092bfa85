"""What a partner may do with its customers, on whom all qualifications hang."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from vetline.clock import Clock
from vetline.desk.retrying import until_saved
from vetline.store.changes import Change, CustomerAdded, CustomerChanged, CustomerRemoved
from vetline.store.port import ConflictError, ForeignCustomerError, Store, UnknownCustomerError
from vetline.store.records import Billing, Customer, CustomerQuery, Found, Place, Remembered, Standing

Seal = Callable[[Customer], Remembered | None]


class Listed(msgspec.Struct, frozen=True):
    """A customer in a list, with how it stands in each programme that it asked for."""

    customer: Customer
    standings: tuple[Standing, ...]


class Matches(msgspec.Struct, frozen=True):
    """What a search found, and whether there are more."""

    customers: tuple[Listed, ...]
    more: bool


class Listing(msgspec.Struct, frozen=True):
    """A page of customers.

    Parameters:
        customers: in order.
        before: the place from which the page before is asked for; `None` on the first page.
        after: the place after which the next page begins; `None` on the last page.
    """

    customers: tuple[Listed, ...]
    before: Place | None
    after: Place | None


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
        """Return a page of a partner's customers, in the order of the query."""
        return await self._store.customers(partner, query)

    async def listing(self, partner: str, query: CustomerQuery) -> Listing:
        """Return a page of a partner's customers with their standings, and the way to the pages beside it.

        Raises:
            UnavailableError.
        """
        found = list(await self.page(partner, replace(query, size=query.size + 1)))
        further = len(found) > query.size
        kept = found[-query.size :] if query.before else found[: query.size]
        before, after = (further, True) if query.before else (query.after is not None, further)
        return Listing(
            await self._listed(kept),
            query.place_of(kept[0]) if kept and before else None,
            query.place_of(kept[-1]) if kept and after else None,
        )

    async def find(self, partner: str, text: str, limit: int) -> Matches:
        """Return a partner's customers that a text finds, with their standings: a customer's id finds that customer.

        Parameters:
            text: anything that somebody may type; see `Store.search`.
            limit: how many at most.

        Raises:
            UnavailableError.
        """
        customer = _guid_of(text)
        found = await (self._by_id(partner, customer) if customer else self._store.search(partner, text, limit))
        return Matches(await self._listed(found.customers), found.more)

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

    async def _by_id(self, partner: str, customer: str) -> Found:
        try:
            return Found((await self._store.customer(partner, customer),), more=False)
        except (UnknownCustomerError, ForeignCustomerError):
            return Found((), more=False)

    async def _listed(self, customers: Sequence[Customer]) -> tuple[Listed, ...]:
        listed = await asyncio.gather(*map(self._listed_one, customers))
        return tuple(one for one in listed if one)

    async def _listed_one(self, customer: Customer) -> Listed | None:
        """Return a customer with its standings, `None` when it was removed in between."""
        try:
            return Listed(customer, tuple(await self._store.standing(customer.partner, customer.id)))
        except (UnknownCustomerError, ForeignCustomerError):
            return None


def _guid_of(text: str) -> str | None:
    """Return the GUID that a text is, however it is written."""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return None
