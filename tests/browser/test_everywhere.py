"""What holds on every page: it fits a phone and a zoomed window, prints its content, has an order, serves everybody."""

from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from playwright.async_api import Page, ViewportSize

from .accessibility import assert_accessible
from .everywhere import PLACES, a_day
from .people import ADA, MAX, RAE, sign_in
from .story import Story

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}
# A window of 1280 pixels at 200 %: what it shows is half as wide.
ZOOMED: ViewportSize = {"width": 640, "height": 384}
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_HEADINGS = """[...document.querySelectorAll("main :is(h1, h2, h3, h4)")].map((it) => Number(it.tagName[1]))"""
# What is of no use on paper: buttons, fields, the way to other pages.
_NOT_ON_PAPER = """[...document.querySelectorAll("button, input, select, textarea, nav, .skip, dialog")]
    .filter((it) => it.checkVisibility()).map((it) => it.outerHTML.slice(0, 80))"""
_ON_PAPER = """[...document.querySelectorAll("h1, main table:not(details:not([open]) *)")]
    .filter((it) => !it.checkVisibility()).map((it) => it.outerHTML.slice(0, 80))"""


async def fits(page: Page) -> list[str]:
    """Return what is too wide: no page scrolls sideways."""
    found = []
    for name, size in (("phone", PHONE), ("zoomed", ZOOMED), ("desk", DESK)):
        await page.set_viewport_size(size)
        if more := await page.evaluate(_TOO_WIDE):
            found.append(f"{more} pixels too wide: {name}")
    return found


async def has_an_order(page: Page) -> list[str]:
    """Return what is wrong with the headings: one of the first level, and no level is left out."""
    levels = await page.evaluate(_HEADINGS)
    whole = levels[:1] == [1] and levels.count(1) == 1
    steps = all(after - before <= 1 for before, after in pairwise(levels))
    return [] if whole and steps else [f"headings {levels}"]


async def prints(page: Page) -> list[str]:
    """Return what would be printed and is of no use on paper, and what would be missed there."""
    await page.emulate_media(media="print")
    found = [f"printed: {one}" for one in await page.evaluate(_NOT_ON_PAPER)]
    found += [f"not printed: {one}" for one in await page.evaluate(_ON_PAPER)]
    await page.emulate_media(media="null")
    return found


async def serves_everybody(page: Page) -> list[str]:
    """Return what axe finds serious, in light and in dark."""
    try:
        await assert_accessible(page)
    except AssertionError as error:
        return [str(error)]
    return []


CHECKS: tuple[Callable[[Page], Awaitable[list[str]]], ...] = (fits, has_an_order, prints, serves_everybody)


@pytest.mark.parametrize("who", [ADA, RAE, MAX])
async def test_every_page_of_a_person(page: Page, story: Story, who: str) -> None:
    a_day(story)
    await sign_in(page, who)
    found = {}
    titles = set()
    for name, place in PLACES.items():
        if place.who == who:
            await page.goto(place.path)
            titles.add(await page.title())
            found[name] = [problem for check in CHECKS for problem in await check(page)]
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(titles) > 1 or len(found) == 1, "pages have titles of their own"
