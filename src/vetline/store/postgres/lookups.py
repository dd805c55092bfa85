"""The reads that requests wait for: each kind gathers what arrives together into one query."""

from collections.abc import Sequence
from typing import Any

from vetline.store.port import ForeignCustomerError, UnknownCustomerError
from vetline.store.postgres import rows
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.gathering import Gathering
from vetline.store.postgres.link import Link
from vetline.store.postgres.rows import Row
from vetline.store.records import Customer, Dossier, Remembered, Standing

Found = list[Row]


class Lookups:
    """Indexed reads by key.

    Parameters:
        link: where from.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._standings = self._gathering("standing")
        self._dossiers = self._gathering("dossier")
        self._answers = self._gathering("answer")
        self._customers = self._gathering("customer")

    async def standing(self, partner: str, customer: str) -> Sequence[Standing]:
        """See `Store.standing`."""
        found = await self._standings.ask((partner, customer))
        return rows.standings(found or await self._raise_absent(customer))

    async def dossier(self, partner: str, customer: str, code: str) -> Dossier:
        """See `Store.dossier`: one statement sees one moment."""
        named = "" if "\0" in code else code  # PostgreSQL has no text with it, so there is no such code
        found = await self._dossiers.ask((partner, customer, named)) or await self._raise_absent(customer)
        cases = tuple(rows.case_of(row[1:14]) for row in found if row[1] is not None)
        return Dossier(cases, rows.code_of(found[0][14:]) if found[0][14] is not None else None)

    async def answer(self, partner: str, key: bytes) -> Remembered | None:
        """See `Store.answer`."""
        found = await self._answers.ask((partner, key))
        return rows.answer_of(found[0][1:]) if found else None

    async def customer(self, partner: str, customer: str) -> Customer:
        """See `Store.customer`."""
        found = await self._customers.ask((partner, customer)) or await self._raise_absent(customer)
        return rows.customer_of(found[0][1:])

    async def close(self) -> None:
        """Answer what was asked."""
        for gathering in (self._standings, self._dossiers, self._answers, self._customers):
            await gathering.close()

    def _gathering(self, statement: str) -> Gathering[tuple[Any, ...], Found]:
        async def fetch(keys: Sequence[tuple[Any, ...]]) -> Sequence[Found]:
            return by_place(await self._link.fetch(SQL[statement], *zip(*keys, strict=True)), len(keys))

        return Gathering(fetch)

    async def _raise_absent(self, customer: str) -> Found:
        if await self._link.fetch(SQL["somebodys_customer"], customer):
            raise ForeignCustomerError(customer)
        raise UnknownCustomerError(customer)


def by_place(found: Sequence[Row], count: int) -> list[Found]:
    """Return the rows that belong to each of so many keys; their first column is the key's place, counted from 1."""
    grouped: list[Found] = [[] for _ in range(count)]
    for row in found:
        grouped[row[0] - 1].append(row)
    return grouped
