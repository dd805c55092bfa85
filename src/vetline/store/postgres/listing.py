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
        if len(found) <= limit and (matches := _matches(partner, beginning)):
            size = limit + 1 - len(found)
            found += [rows.customer_of(row[:-1]) for row in await self._by_words(partner, matches, beginning, size)]
        return Found(tuple(found[:limit]), len(found) > limit)

    async def _by_words(self, partner: str, matches: Sequence[str], beginning: str, size: int) -> Sequence[Row]:
        """Return what the first of the matches finds that finds plenty, else what the last finds."""
        low = beginning.replace("\0", "\x01")  # no name begins with either

        async def read(connection: Connection) -> Sequence[Row]:
            found: Sequence[Row] = []
            async with connection.transaction(readonly=True):
                await connection.execute(SQL["search_settings"])
                for match in matches:
                    bounds = (partner, match, CANDIDATES + size, size, low, low + LAST)
                    found = await connection.fetch(SQL["customers_by_words"], *bounds)
                    if found and found[0][-1]:
                        break
            return found

        return await self._link.read(read)


def _matches(partner: str, beginning: str) -> Sequence[str]:
    """Return the words of a text in the language of the index: as whole words, then as beginnings where they may be.

    There is no quote in them. To gather all words with a frequent beginning takes five times as long as to gather those
    that are the word itself, of which there mostly are more than enough.
    """
    words = words_of(plain(beginning))
    whole = [f"'{partner}:{word.text}'" for word in words]
    beginnings = [term if word.whole else f"{term}:*" for term, word in zip(whole, words, strict=True)]
    return list(dict.fromkeys(" & ".join(terms) for terms in (whole, beginnings) if terms))
