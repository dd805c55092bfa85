"""A partner finds a customer: while they type, from the address bar, by leafing; and comes back by the back button."""

import re

from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, sign_in
from .story import Story


async def test_the_list_narrows_while_somebody_types(page: Page, hands: Hands) -> None:
    """The address bar follows, so that the list can be kept, sent, and come back to."""
    await sign_in(page, ADA)
    await hands.write(page.get_by_role("searchbox"), "harvard")
    await expect(page.get_by_role("row")).to_have_count(2)
    await expect(page).to_have_url(re.compile(r"/console/customers\?q=harvard$"))
    await hands.press(page.get_by_role("link", name="Harvard University"))
    await expect(page.get_by_role("heading", name="Harvard University")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("searchbox")).to_have_value("harvard")
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.reload()
    await expect(page.get_by_role("link", name="Harvard University")).to_be_visible()
    await expect(page.get_by_role("searchbox")).to_have_value("harvard")


async def test_the_way_back_leads_through_what_was_searched(page: Page) -> None:
    """Each search is a place in the history; before the first stands the whole list, with an empty field."""
    await sign_in(page, ADA)
    await page.get_by_role("searchbox").fill("harvard")
    await expect(page).to_have_url(re.compile("q=harvard$"))
    await page.get_by_role("searchbox").fill("oxford")
    await expect(page).to_have_url(re.compile("q=oxford$"))
    await page.go_back()
    await expect(page.get_by_role("link", name="Harvard University")).to_be_visible()
    await expect(page.get_by_role("searchbox")).to_have_value("harvard")
    await page.go_back()
    await expect(page.get_by_role("link", name="Tailspin Toys")).to_be_visible()
    await expect(page.get_by_role("searchbox")).to_have_value("")


async def test_nobody_found_says_what_to_try(page: Page, hands: Hands) -> None:
    await sign_in(page, ADA)
    await hands.write(page.get_by_role("searchbox"), "nobody of that name")
    await expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()
    await assert_accessible(page)
    await hands.press(page.get_by_role("link", name="Show all customers"))
    await expect(page.get_by_role("row")).to_have_count(7)
    await expect(page).to_have_url(re.compile("/console/customers$"))


async def test_found_by_domain_and_by_microsoft_id(page: Page) -> None:
    await sign_in(page, ADA)
    for typed in ("ox.ac.uk", "11111111-c0c0-4000-8000-000000000001"):
        await page.get_by_role("searchbox").fill(typed)
        await expect(page.get_by_role("row")).to_have_count(2)
        await expect(page.get_by_role("link", name="University of Oxford")).to_be_visible()


async def test_a_long_list_is_leafed_through(page: Page, story: Story, hands: Hands) -> None:
    """Forward to its end, back to its beginning, and nobody is left out or shown twice."""
    for number in range(45):
        story.customer(f"Company {number:02}")
    await sign_in(page, ADA)
    seen = await _companies(page)
    await assert_accessible(page)
    while await page.get_by_role("link", name="Next").count():
        address = page.url
        await hands.press(page.get_by_role("link", name="Next"))
        await expect(page).not_to_have_url(address)
        seen += await _companies(page)
    assert len(seen) == len(set(seen)) == 45 + 6
    while await page.get_by_role("link", name="Previous").count():
        address = page.url
        await hands.press(page.get_by_role("link", name="Previous"))
        await expect(page).not_to_have_url(address)
    assert await _companies(page) == seen[:25]


async def test_a_search_that_finds_too_many_says_so(page: Page, story: Story) -> None:
    for number in range(26):
        story.customer(f"Company {number:02}")
    await sign_in(page, ADA, "/console/customers?q=company")
    await expect(page.get_by_role("row")).to_have_count(26)
    await expect(page.get_by_text("The first 25 are shown")).to_be_visible()


async def _companies(page: Page) -> list[str]:
    return await page.locator("td.first a").all_inner_texts()
