"""The queue while nobody can say how much waits: its rows are there, and every filter that is chosen."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from tests.desk.rooms import RAE, desks, referred_case
from tests.support.cold_store import ColdStore
from vetline.console.app import Console
from vetline.console.person import Person
from vetline.console.rendering import Renderer
from vetline.console.review.queue import QueuePages
from vetline.console.session import Session
from vetline.identity.caller import REVIEWER

OFTEN = 200
_SCRIPT = {"HX-Request": "true"}


class OneReviewer:
    """Sessions in which everybody is the same reviewer."""

    async def find(self, cookies: Mapping[str, str]) -> Session:
        """Return their session."""
        person = Person("tenant", RAE.actor.removeprefix("reviewer:"), RAE.name, frozenset({REVIEWER}))
        return Session(person, "id", "word", datetime(2099, 1, 1, tzinfo=UTC))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ColdStore]:
    """A store that cannot count yet."""
    found = ColdStore(tmp_path / "vetline.db", durable=False)
    yield found
    await found.close()


@pytest.fixture
async def pages(store: ColdStore) -> AsyncIterator[httpx2.AsyncClient]:
    """The queue's pages, with one case."""
    room = desks(store)
    await referred_case(room, 1)
    queue = QueuePages(room.queue, room.review, Renderer("/console", {"sandbox": False}))
    console = Console(queue.routes(), OneReviewer(), Renderer("/console", {"sandbox": False}), room.clock)
    [_, mount] = console.routes()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=mount), base_url="http://test") as client:
        yield client


def chosen_in(page: str, name: str) -> list[str]:
    """Return what a filter's field has chosen."""
    field = page.partition(f'<select name="{name}">')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)" selected>', field)


async def test_rows_are_there_before_the_totals(pages: httpx2.AsyncClient) -> None:
    answer = await pages.get("/console/queue")
    assert answer.status_code == 200
    assert len(re.findall("data-row ", answer.text)) == 1
    assert "is being counted" in answer.text
    assert "0 cases wait" not in answer.text


async def test_filters_stay_as_they_were_chosen(pages: httpx2.AsyncClient) -> None:
    """Also those whose choices only a count would know."""
    page = (await pages.get("/console/queue?programme=education&country=IS&rule=unlisted&whose=nobody")).text
    found = {name: chosen_in(page, name) for name in ("programme", "country", "rule", "whose")}
    assert found == {"programme": ["education"], "country": ["IS"], "rule": ["unlisted"], "whose": ["nobody"]}


async def test_page_is_loaded_anew_when_the_totals_are_there(pages: httpx2.AsyncClient, store: ColdStore) -> None:
    """The page asks again and again; before that nothing on it changes."""
    found = re.search(r'hx-get="(/console/queue\?[^"]*)" hx-trigger', (await pages.get("/console/queue")).text)
    assert found
    answer = await pages.get(found[1], headers=_SCRIPT)
    assert (answer.status_code, answer.content) == (204, b"")
    store.is_cold = False
    for _ in range(OFTEN):
        if "hx-refresh" in (answer := await pages.get(found[1], headers=_SCRIPT)).headers:
            break
    assert answer.headers.get("hx-refresh") == "true"
    page = (await pages.get("/console/queue?country=IS")).text
    assert "One case waits" in page
    assert chosen_in(page, "country") == ["IS"]
