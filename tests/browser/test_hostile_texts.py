"""The hostile texts are alive: on a page that escapes nothing, each runs in the place that it is meant for."""

import pytest
from playwright.async_api import BrowserContext

from .hostile_texts import HOSTILE_TEXTS

_PLACES = {
    "element": "<p>HERE</p>",
    "double-quotes": '<input value="HERE">',
    "single-quotes": "<input value='HERE'>",
    "no-quotes": "<input value=HERE>",
    "link": '<a href="HERE">Website</a>',
    "script-text": '<script>const text = "HERE";</script>',
    "title": "<title>HERE</title>",
    "text-area": "<textarea>HERE</textarea>",
    "comment": "<!-- HERE -->",
}
_RUNS = [
    pytest.param(place, one.text, id=f"{one} in {place}")
    for one in HOSTILE_TEXTS
    for place in _PLACES
    if place == one.place or (one.place == "any-place" and place != "link")
]


@pytest.mark.parametrize(("place", "text"), _RUNS)
async def test_it_runs_where_nothing_is_escaped(visitor: BrowserContext, place: str, text: str) -> None:
    page = await visitor.new_page()
    await page.set_content("<!doctype html>" + _PLACES[place].replace("HERE", text), wait_until="commit")
    if place == "link":
        await page.get_by_role("link").click()
    await page.wait_for_function("'pwned' in window")
