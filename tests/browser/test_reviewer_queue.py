"""A reviewer in the queue: each filter stands in the address bar, survives a new load, and is undone by going back."""

import re

import pytest
from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import RAE, sign_in
from .story import Story

# What is chosen in which filter, what the address says then, and who is left.
FILTERS = {
    "Programme": ("education", "programme=education", 3),
    "Country": ("GB", "country=GB", 1),
    "Why undecided": ("countries-disagree", "rule=countries-disagree", 1),
    "Whose": ("nobody", "whose=nobody", 3),
}


@pytest.fixture
def three_wait(story: Story) -> None:
    """Three cases wait: one elsewhere, one with a contradiction."""
    story.waits("Redwood School")
    story.waits("Elm School", country="GB")
    story.waits("Oak School", website="www.oak-school.de")


@pytest.mark.parametrize("name", FILTERS)
async def test_a_filter_is_in_the_address(page: Page, three_wait: None, hands: Hands, name: str) -> None:
    value, query, left = FILTERS[name]
    await sign_in(page, RAE)
    await expect(page.locator("[data-row]")).to_have_count(3)
    await hands.select(page.get_by_role("combobox", name=name), value)
    await expect(page).to_have_url(re.compile(f"/console/queue\\?.*{query}"))
    await expect(page.locator("[data-row]")).to_have_count(left)
    await page.reload()
    await expect(page.get_by_role("combobox", name=name)).to_have_value(value)
    await expect(page.locator("[data-row]")).to_have_count(left)


async def test_going_back_undoes_a_filter(page: Page, three_wait: None) -> None:
    await sign_in(page, RAE)
    for country, left in (("GB", 1), ("US", 2)):
        await page.get_by_role("combobox", name="Country").select_option(country)
        await expect(page.locator("[data-row]")).to_have_count(left)
    for country, left in (("GB", 1), ("", 3)):
        await page.go_back()
        await expect(page.locator("[data-row]")).to_have_count(left)
        await expect(page.get_by_role("combobox", name="Country")).to_have_value(country)


async def test_overdue_ones_alone(page: Page, story: Story, hands: Hands) -> None:
    story.waits("Redwood School")
    story.time_goes_by(14 * 86_400)
    story.waits("Elm School")
    await sign_in(page, RAE)
    await expect(page.get_by_text("one is overdue")).to_be_visible()
    await hands.tick(page.get_by_role("checkbox", name="Overdue only"))
    await expect(page).to_have_url(re.compile("overdue=1"))
    await expect(page.locator("[data-row]")).to_have_text(["Redwood School"])
    await assert_accessible(page)


async def test_filters_go_along_to_a_case_and_back(page: Page, three_wait: None, hands: Hands) -> None:
    await sign_in(page, RAE, "/console/queue?country=GB")
    await hands.press(page.get_by_role("link", name="Elm School"))
    await expect(page).to_have_url(re.compile("/cases/.*country=GB"))
    await hands.press(page.get_by_role("link", name="Queue", exact=True).last)
    await expect(page).to_have_url(re.compile(r"/console/queue\?country=GB$"))
    await hands.press(page.get_by_role("link", name="Clear the filters"))
    await expect(page.locator("[data-row]")).to_have_count(3)


async def test_filters_that_nothing_fits_say_so(page: Page, three_wait: None) -> None:
    await sign_in(page, RAE, "/console/queue?country=NZ")
    await expect(page.get_by_role("heading", name="No case fits the filters")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("main").get_by_role("link", name="Clear the filters").last.click()
    await expect(page.locator("[data-row]")).to_have_count(3)


async def test_an_empty_queue_says_so(page: Page, hands: Hands) -> None:
    await sign_in(page, RAE)
    await expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    await assert_accessible(page)
    await hands.press(page.get_by_role("button", name="Take the next one"))
    await expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()


async def test_a_long_queue_is_leafed_through(page: Page, story: Story, hands: Hands) -> None:
    for number in range(30):
        story.waits(f"School {number:02}")
    await sign_in(page, RAE)
    first = await page.locator("[data-row]").all_inner_texts()
    await hands.press(page.get_by_role("link", name="Next"))
    await expect(page.locator("[data-row]")).to_have_count(5)
    second = await page.locator("[data-row]").all_inner_texts()
    assert first + second == [f"School {number:02}" for number in range(30)]
    await hands.press(page.get_by_role("link", name="Previous"))
    await expect(page.locator("[data-row]")).to_have_count(25)


async def test_rows_are_walked_by_two_keys(page: Page, three_wait: None) -> None:
    await sign_in(page, RAE)
    for key, name in (("j", "Redwood"), ("j", "Elm"), ("j", "Oak"), ("j", "Oak"), ("k", "Elm")):
        await page.keyboard.press(key)
        await expect(page.locator("[data-row]:focus")).to_contain_text(name)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Elm School")).to_be_visible()
    await page.keyboard.press("q")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
