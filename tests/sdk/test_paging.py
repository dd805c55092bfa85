"""From page to page, wherever the links lead, and with the token never leaving the service."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sdk.driving import BASE, SETTINGS, Scripted, World, answer
from vetline.sdk import errors
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.customers import Customer, CustomerFilter
from vetline.sdk.models.paging import Page
from vetline.sdk.operations.audit import more_audit_records, query_audit_records
from vetline.sdk.operations.customers import list_customers, more_customers
from vetline.sdk.operations.operation import Operation
from vetline.sdk.walking import AsyncPager, Pager

FIRST = f"{BASE}/v1/customers?size=2"


def page(*ids: str, uri: str | None = None, **headers: str) -> RawAnswer:
    """Return a page with a link to the next one."""
    pairs = [{"key": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    links = {} if uri is None else {"next": {"uri": uri, "method": "GET", "headers": pairs}}
    return answer(200, {"totalCount": len(ids), "items": [{"id": one} for one in ids], "links": links})


def pager(world: World) -> Pager[Customer]:
    """Return all customers."""
    return Pager(world.call, list_customers(2), more_customers)


def async_pager(world: World) -> AsyncPager[Customer]:
    """Return all customers, for an asynchronous caller."""

    async def send(operation: Operation[Page[Customer]]) -> Page[Customer]:
        return world.call(operation)

    return AsyncPager(send, list_customers(2), more_customers)


async def walked(*script: Scripted) -> tuple[list[str], World]:
    """Return what both pagers find, which is the same."""
    blocking, waiting = World(script), World(script)
    found = [one.id for one in pager(blocking)]
    assert [one.id async for one in async_pager(waiting)] == found
    assert waiting.requests == blocking.requests
    return found, blocking


async def test_one_page() -> None:
    """Without a link it is the last one."""
    found, world = await walked(page("a", "b"))
    assert found == ["a", "b"]
    assert [request.url for request in world.requests] == [FIRST]


LINKS = [
    "/customers?size=2&seekOperation=Next",
    "customers?size=2&seekOperation=Next",
    "/v1/customers?size=2&seekOperation=Next",
    "/V1/customers?size=2&seekOperation=Next",
    "/v1//customers?size=2&seekOperation=Next",
    "/v1/v1/customers?size=2&seekOperation=Next",
    "/v1//v1/customers?size=2&seekOperation=Next",
    f"{BASE}/v1/customers?size=2&seekOperation=Next",
]


@pytest.mark.parametrize("uri", LINKS)
async def test_links_in_every_form_lead_to_the_next_page(uri: str) -> None:
    """With /v1, without, and doubled, as the clients build them."""
    found, world = await walked(page("a", uri=uri), page("b"))
    assert found == ["a", "b"]
    assert world.requests[1].url == f"{BASE}/v1/customers?size=2&seekOperation=Next"


HOSTILE = [
    "https://evil.test/v1/customers?x=1",
    "//evil.test/customers",
    "https://partner.test@evil.test/customers",
    "https://partner.test.evil.test/customers",
    "@evil.test/customers",
    ".evil.test/customers",
    ":81/customers",
    "\\\\evil.test\\customers",
    "https:\\\\evil.test/customers",
    "javascript:alert(1)",
    "ftp://evil.test/customers",
    "/../../customers",
]


@pytest.mark.parametrize("uri", HOSTILE)
async def test_the_token_goes_to_nobody_but_the_service(uri: str) -> None:
    """A link's host never counts."""
    _, world = await walked(page("a", uri=uri), page("b"))
    for request in world.requests:
        assert request.url.startswith(f"{BASE}/v1/")


def test_a_link_that_cannot_be_followed_is_the_services_fault() -> None:
    """Not the caller's, and no error of another kind."""
    with pytest.raises(errors.UnreadableAnswerError, match="link"):
        list(pager(World([page("a", uri="http://[broken")])))


async def test_the_continuation_token_of_a_link_is_sent() -> None:
    """It stands in the link's headers, in whatever casing."""
    script = [
        page("a", uri="/customers", MS_ContinuationToken="t1"),
        page("b", uri="/customers", ms_continuationtoken="t2"),
    ]
    found, world = await walked(*script, page("c"))
    assert found == ["a", "b", "c"]
    tokens = [{name.lower(): value for name, value in one.headers.items()} for one in world.requests]
    assert [one.get("ms-continuationtoken") for one in tokens] == [None, "t1", "t2"]


async def test_no_other_header_of_a_link_is_sent() -> None:
    """Neither another token nor another host, nor anything that would change what is asked."""
    evil = {
        "Authorization": "evil",
        "authorization": "evil",
        "Host": "evil",
        "Content_Length": "9",
        "MS_RequestId": "evil",
    }
    _, world = await walked(page("a", uri="/customers", Transfer_Encoding="evil", Cookie="evil", **evil), page("b"))
    assert not {"evil", "9"} & set(world.requests[1].headers.values())
    assert world.given_tokens == ["token", "token"]


async def test_a_continuation_token_that_cannot_be_sent_is_the_services_fault() -> None:
    """It cannot add a header of its own."""
    with pytest.raises(errors.UnreadableAnswerError):
        await walked(page("a", uri="/customers", MS_ContinuationToken="t\r\nEvil: 1"))


async def test_links_without_headers_or_with_strange_ones() -> None:
    """Are followed by their address alone."""
    strange: list[Any] = [None, {}, "x", [None, 5, {"key": 5}, {"value": "x"}]]
    for headers in strange:
        link = {"uri": "/customers?page=2", "headers": headers}
        found, _ = await walked(answer(200, {"items": [{"id": "a"}], "links": {"next": link}}), page("b"))
        assert found == ["a", "b"]


async def test_an_empty_last_page() -> None:
    """Is a page like any other."""
    found, world = await walked(page("a", uri="/customers?page=2"), page())
    assert found == ["a"]
    assert len(world.requests) == 2


async def test_a_bare_array_is_a_page() -> None:
    """The only one."""
    assert (await walked(answer(200, [{"id": "a"}])))[0] == ["a"]


async def test_pages_that_lead_in_a_circle_end() -> None:
    """With an error, after every page was read."""
    script = [
        page("a", uri="/customers?page=2"),
        page("b", uri="/customers?page=3"),
        page("c", uri="/customers?page=2"),
    ]
    world, seen = World(script), list[str]()
    with pytest.raises(errors.UnreadableAnswerError, match="circle"):
        seen.extend(one.id for one in pager(world))
    waiting = World(script)
    with pytest.raises(errors.UnreadableAnswerError, match="circle"):
        _ = [one async for one in async_pager(waiting)]
    assert len(world.requests) == len(waiting.requests) == 3


async def test_the_same_address_with_another_token_is_another_page() -> None:
    """Partner Center's links differ in the token alone."""
    script = [page(str(number), uri="/customers", MS_ContinuationToken=str(number)) for number in range(50)]
    assert len((await walked(*script, page("last")))[0]) == 51


async def test_each_walk_begins_anew_and_reads_only_what_is_looked_at() -> None:
    """A pager is no iterator: two loops over it see the same."""
    world = World([page("a", uri="/customers?page=2"), page("a", uri="/customers?page=2"), page("b")])
    all_of_them = pager(world)
    assert next(iter(all_of_them)).id == "a"
    assert len(world.requests) == 1
    assert [one.id for one in all_of_them] == ["a", "b"]


async def test_pages_and_their_counts() -> None:
    """For whoever wants them."""
    script = [page("a", "b", uri="/customers?page=2"), page("c")]
    assert [found.total_count for found in pager(World(script)).pages()] == [2, 1]
    assert [found.total_count async for found in async_pager(World(script)).pages()] == [2, 1]


async def test_an_error_on_the_way_comes_out_where_it_happens() -> None:
    """What was read before is there."""
    world, seen = World([page("a", uri="/customers?page=2"), answer(403)]), list[str]()
    with pytest.raises(errors.PermissionDeniedError):
        seen.extend(one.id for one in pager(world))
    with pytest.raises(errors.PermissionDeniedError):
        await walked(answer(403))


MORE: list[tuple[Any, Callable[..., Any], str]] = [
    (list_customers(), more_customers, "customers"),
    (query_audit_records(), more_audit_records, "auditrecords"),
]


@pytest.mark.parametrize(("first", "more", "path"), MORE)
def test_every_collection_is_walked(first: Operation[Any], more: Callable[..., Any], path: str) -> None:
    """Customers and audit records."""
    world = World([page("a", uri=f"/{path}?seekOperation=Next", MS_ContinuationToken="t"), page("b")])
    assert [one.id for one in Pager(world.call, first, more)] == ["a", "b"]
    assert world.requests[1].url == f"{BASE}/v1/{path}?seekOperation=Next"


def test_the_filter_is_json_in_the_query() -> None:
    """Quoted, so that nothing in it leaves its place."""
    world = World([page()])
    world.call(list_customers(5, CustomerFilter("CompanyName", 'A&B "x"+ü')), SETTINGS)
    assert world.requests[0].url == (
        f"{BASE}/v1/customers?size=5&filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22A%26B%20%5C%22x%5C%22%2B"
        "%C3%BC%22%2C%22Operator%22%3A%22starts_with%22%7D"
    )
