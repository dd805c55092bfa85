"""A partner looks for customers, and leafs through them."""

import pytest
from msgspec.structs import replace

from tests.store.records import EDUCATION, A, B, customer, guid, moved, save, submitted, with_customers
from vetline.clock import SystemClock
from vetline.desk.customers import CustomerDesk, Listed
from vetline.store.records import CustomerQuery
from vetline.store.sqlite.store import SqliteStore


@pytest.fixture
def desk(store: SqliteStore) -> CustomerDesk:
    """The desk."""
    return CustomerDesk(store, SystemClock())


async def _with_schools(store: SqliteStore, count: int) -> None:
    await with_customers(store, *(customer(number, name=f"School {number:03}") for number in range(1, count + 1)))


def _names(listed: tuple[Listed, ...]) -> list[str]:
    return [one.customer.company_name for one in listed]


@pytest.mark.parametrize("spelled", [str, str.upper, "{{{}}}".format, " {}\n".format, lambda it: it.replace("-", "")])
async def test_id_finds_its_customer(desk: CustomerDesk, store: SqliteStore, spelled: object) -> None:
    """However it is written; its name does not matter."""
    await _with_schools(store, 3)
    assert callable(spelled)
    found = await desk.find(A, spelled(guid(2)), 9)
    assert (_names(found.customers), found.more) == (["School 002"], False)


async def test_strangers_id_finds_as_much_as_nobodys(desk: CustomerDesk, store: SqliteStore) -> None:
    """Nothing."""
    await with_customers(store, customer(1, B))
    assert await desk.find(A, guid(1), 9) == await desk.find(A, guid(2), 9)
    assert (await desk.find(A, guid(1), 9)).customers == ()


async def test_what_is_found_and_listed_says_how_it_stands(desk: CustomerDesk, store: SqliteStore) -> None:
    """In each programme, or in none."""
    await _with_schools(store, 2)
    await save(store, *moved(submitted(customer(2))))
    for listed in ((await desk.find(A, "school", 9)).customers, (await desk.listing(A, CustomerQuery(9))).customers):
        assert [[one.programme for one in each.standings] for each in listed] == [[], [EDUCATION]]


async def test_more_than_asked_for_is_said(desk: CustomerDesk, store: SqliteStore) -> None:
    """The box shows some, and that there are others."""
    await _with_schools(store, 4)
    assert [(await desk.find(A, "scho", limit)).more for limit in (3, 4)] == [True, False]


@pytest.mark.parametrize("query", [CustomerQuery(4), CustomerQuery(4, "name", "s"), CustomerQuery(4, "domain", "s")])
async def test_pages_lead_to_the_end_and_back(desk: CustomerDesk, store: SqliteStore, query: CustomerQuery) -> None:
    """Each customer once in each direction, the same pages back, and no way beyond the first and the last."""
    await _with_schools(store, 11)
    forth = [await desk.listing(A, query)]
    while after := forth[-1].after:
        forth.append(await desk.listing(A, replace(query, after=after)))
    assert [len(page.customers) for page in forth] == [4, 4, 3]
    assert forth[0].before is None
    back = [forth[-1]]
    while before := back[-1].before:
        back.append(await desk.listing(A, replace(query, before=before)))
    assert [page.customers for page in reversed(back)] == [page.customers for page in forth]


async def test_empty_list_leads_nowhere(desk: CustomerDesk) -> None:
    """Neither forth nor back, also when it was left by everybody meanwhile."""
    for query in (CustomerQuery(4), CustomerQuery(4, after=("a", guid(1))), CustomerQuery(4, before=("a", guid(1)))):
        page = await desk.listing(A, query)
        assert (page.customers, page.before, page.after) == ((), None, None)
