"""What a list of customers, and a search among them, asks of PostgreSQL."""

from collections.abc import Sequence

from vetline.store.postgres import rows
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import Link
from vetline.store.postgres.rows import Row
from vetline.store.postgres.servers import Connection
from vetline.store.records import LAST, Customer, CustomerQuery, Found
from vetline.store.searching import CANDIDATES, beginning_of, plain, words_of

_FIRST_ID = "00000000-0000-0000-0000-000000000000"


class Listing:
    """Lists of customers.

    Parameters:
        link: where from.
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    async def page(self, partner: str, query: CustomerQuery) -> Sequence[Customer]:
        """See `Store.customers`."""
        if "\0" in query.value:  # PostgreSQL has no text with it
            return []
        (value, customer), end = query.stretch("\x01")
        bounds = [partner, value, customer or _FIRST_ID, query.size, *([end] if query.field else [])]
        statement = f"customers_by_{query.field}" if query.field else "customers"
        found = await self._link.fetch(SQL[f"{statement}_before" if query.before else statement], *bounds)
        return [rows.customer_of(row) for row in (reversed(found) if query.before else found)]

    async def search(self, partner: str, text: str, limit: int) -> Found:
        """See `Store.search`."""
        beginning = beginning_of(text)
        found = [*await self.page(partner, CustomerQuery(limit + 1, "name", beginning))]
        if len(found) <= limit and (match := _match(partner, beginning)):
            size = limit + 1 - len(found)
            found += map(rows.customer_of, await self._by_words(partner, match, beginning, size))
        return Found(tuple(found[:limit]), len(found) > limit)

    async def _by_words(self, partner: str, match: str, beginning: str, size: int) -> Sequence[Row]:
        low = beginning.replace("\0", "\x01")  # no name begins with either

        async def read(connection: Connection) -> Sequence[Row]:
            async with connection.transaction(readonly=True):
                await connection.execute(SQL["search_settings"])
                bounds = (partner, match, CANDIDATES + size, size, low, low + LAST)
                found: Sequence[Row] = await connection.fetch(SQL["customers_by_words"], *bounds)
                return found

        return await self._link.read(read)


def _match(partner: str, beginning: str) -> str:
    """Return the words of a text in the language of the index; there is no quote in them."""
    return " & ".join(f"'{partner}:{word.text}'{'' if word.whole else ':*'}" for word in words_of(plain(beginning)))
