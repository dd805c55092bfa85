"""What every store promises of lists of customers: order, pages, searches."""

from collections.abc import Sequence

from msgspec.structs import replace

from tests.store.records import A, B, customer, guid, next_version, save, with_customers
from vetline.store.changes import CustomerChanged
from vetline.store.port import Store
from vetline.store.records import Customer, CustomerQuery


async def _names(store: Store, query: CustomerQuery, partner: str = A) -> list[str]:
    return [one.company_name for one in await store.customers(partner, query)]


class Lists:
    """`customers`."""

    async def test_customers_come_by_name_then_id(self, store: Store) -> None:
        """Capitals do not count, equal names come in the order of their ids, other partners' not at all."""
        named = [(1, "zeta"), (2, "Alpha"), (4, "beta"), (3, "Beta")]
        await with_customers(store, *(customer(number, name=name) for number, name in named), customer(9, B))
        found = await store.customers(A, CustomerQuery(10))
        assert [one.id for one in found] == [guid(2), guid(3), guid(4), guid(1)]

    async def test_pages_show_each_customer_once(self, store: Store) -> None:
        """Going on after the last one of each page misses and repeats nothing, equal names included."""
        await with_customers(store, *(customer(number, name=f"School {number % 3}") for number in range(25)))
        seen: list[Customer] = []
        while page := await store.customers(A, CustomerQuery(4, after=_place(seen))):
            seen += page
        assert len({one.id for one in seen}) == len(seen) == 25
        assert seen == sorted(seen, key=lambda one: (one.name_key, one.id))

    async def test_page_is_no_longer_than_asked(self, store: Store) -> None:
        """At most `size`."""
        await with_customers(store, *(customer(number) for number in range(5)))
        assert [len(await store.customers(A, CustomerQuery(size))) for size in (1, 5, 9)] == [1, 5, 5]

    async def test_search_by_the_beginning_of_the_name(self, store: Store) -> None:
        """Case does not count; a percent sign and an underscore are letters like any other."""
        for number, name in enumerate(["Straße Nord", "STRASSE Süd", "100% School", "100x School", "a_b", "axb"]):
            await with_customers(store, customer(number, name=name))
        assert await _names(store, CustomerQuery(9, "name", "strass")) == ["Straße Nord", "STRASSE Süd"]
        assert await _names(store, CustomerQuery(9, "name", "100%")) == ["100% School"]
        assert await _names(store, CustomerQuery(9, "name", "A_")) == ["a_b"]
        assert await _names(store, CustomerQuery(9, "name", "nothing")) == []

    async def test_search_for_the_whole_name(self, store: Store) -> None:
        """Exactly means exactly, but for case."""
        for number, name in enumerate(["School", "Schools", "SCHOOL"]):
            await with_customers(store, customer(number, name=name))
        assert await _names(store, CustomerQuery(9, "name", "school", exact=True)) == ["School", "SCHOOL"]

    async def test_search_by_domain(self, store: Store) -> None:
        """By its beginning or as a whole; in pages too."""
        for number, domain in enumerate(["a.edu", "a.edu.au", "b.edu"]):
            await with_customers(store, customer(number, domain=domain))
        found = await store.customers(A, CustomerQuery(9, "domain", "A.EDU"))
        assert [one.domain for one in found] == ["a.edu", "a.edu.au"]
        found = await store.customers(A, CustomerQuery(9, "domain", "a.edu", exact=True))
        assert [one.domain for one in found] == ["a.edu"]
        query = CustomerQuery(1, "domain", "a")
        first = await store.customers(A, query)
        rest = await store.customers(A, replace(query, size=9, after=query.place_of(first[0])))
        assert [one.domain for one in (*first, *rest)] == ["a.edu", "a.edu.au"]

    async def test_pages_go_back_as_they_went_forward(self, store: Store) -> None:
        """Before a place are the last ones before it, in the same order, with and without what they begin with."""
        await with_customers(store, *(customer(number, name=f"School {number % 3}") for number in range(20)))
        for field, value in (("", ""), ("name", "school"), ("domain", "schule1")):
            everybody = list(await store.customers(A, CustomerQuery(99, field, value)))
            assert len(everybody) >= 11
            for place in (0, 3, 9, len(everybody) - 1):
                query = CustomerQuery(4, field, value)
                back = replace(query, before=query.place_of(everybody[place]))
                assert await store.customers(A, back) == everybody[max(0, place - 4) : place]

    async def test_domains_come_by_domain(self, store: Store) -> None:
        """Then by id: in the order of what is looked for, which needs no sorting of all that match."""
        for number, (name, domain) in enumerate([("Z", "a.edu"), ("Y", "b.edu"), ("X", "a.edu.au"), ("W", "a.edu")]):
            await with_customers(store, customer(number, name=name, domain=domain))
        assert await _names(store, CustomerQuery(9, "domain", "a")) == ["Z", "W", "X"]
        query = CustomerQuery(1, "domain", "a")
        first = await store.customers(A, query)
        assert await _names(store, replace(query, size=9, after=query.place_of(first[0]))) == ["W", "X"]

    async def test_changed_customer_is_found_by_its_new_name_only(self, store: Store) -> None:
        """Lists follow changes at once."""
        await with_customers(store, customer(1, name="Old"))
        await save(store, CustomerChanged(next_version(customer(1, name="Old"), company_name="New")))
        assert await _names(store, CustomerQuery(9, "name", "o")) == []
        assert await _names(store, CustomerQuery(9, "name", "n")) == ["New"]


def _place(seen: Sequence[Customer]) -> tuple[str, str] | None:
    return (seen[-1].name_key, seen[-1].id) if seen else None
