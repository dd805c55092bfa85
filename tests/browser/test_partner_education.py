"""A partner asks for Education: mistakes in the form, a look at what would come of it, and one sending."""

import re

import pytest
from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, sign_in
from .story import HARVARD, TAILSPIN, Story
from .watch import Watch

ACCOUNT = "/console/customers/"


async def fill_in(page: Page, hands: Hands, website: str) -> None:
    """Fill the form in, and have it checked."""
    await hands.choose(page.get_by_role("radio", name="Higher education"))
    await hands.write(page.get_by_role("textbox", name="The institution's website"), website)
    await hands.press(page.get_by_role("button", name="Check before sending"))


async def test_from_the_list_to_an_approval(page: Page, story: Story, hands: Hands) -> None:
    """The main path: find, look, ask, check, send, see."""
    await sign_in(page, ADA)
    await hands.write(page.get_by_role("searchbox"), "harvard")
    await expect(page.get_by_role("row")).to_have_count(2)  # what is typed on is found by then
    await hands.press(page.get_by_role("link", name="Harvard University"))
    await hands.press(page.get_by_role("link", name="Ask for it Education"))
    await assert_accessible(page)
    await fill_in(page, hands, "www.harvard.edu")
    await expect(page.get_by_text("The data is sure: the request will be approved at once.")).to_be_visible()
    await assert_accessible(page)
    assert story.steps(HARVARD) == []
    await hands.press(page.get_by_role("button", name="Send the request"))
    await expect(page.get_by_text("The request is sent.")).to_be_visible()
    await expect(page.get_by_role("article", name="Education").get_by_text("Approved")).to_be_visible()
    await assert_accessible(page)
    assert story.steps(HARVARD) == ["submit", "approve"]


async def test_mistakes_are_named_where_they_are(page: Page, watch: Watch, hands: Hands) -> None:
    """An empty form says what each field lacks, keeps what was right, and is sent by nobody."""
    watch.expect("400")
    await sign_in(page, ADA, f"{ACCOUNT}{HARVARD}/requests/education")
    await hands.press(page.get_by_role("button", name="Check before sending"))
    group, website = page.get_by_role("group", name="Education segment"), page.get_by_role("textbox")
    await expect(group).to_have_accessible_description(re.compile("Choose the segment"))
    await expect(website).to_have_accessible_description(re.compile("Give the website"))
    await expect(page.get_by_role("radio").first).to_be_focused()
    await assert_accessible(page)
    await hands.write(website, "www.harvard.edu")
    await hands.press(page.get_by_role("button", name="Check before sending"))
    await expect(website).to_have_value("www.harvard.edu")
    await expect(page.get_by_text("Give the website")).to_have_count(0)
    await expect(page.get_by_text("Choose the segment")).to_be_visible()


@pytest.mark.parametrize(
    ("website", "expected", "why"),
    [
        ("www.gmail.com", "the request would be denied", "free or disposable mail service"),
        ("www.unlisted-school.org", "A person will have to look at this", "No institution is listed"),
    ],
)
async def test_the_check_warns_of_what_the_data_says(page: Page, website: str, expected: str, why: str) -> None:
    await sign_in(page, ADA, f"{ACCOUNT}{TAILSPIN}/requests/education")
    await page.get_by_role("radio", name="Higher education").check()
    await page.get_by_role("textbox").fill(website)
    await page.get_by_role("button", name="Check before sending").click()
    await expect(page.get_by_text(expected)).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text=why)).to_be_visible()
    await assert_accessible(page)


async def test_something_is_changed_after_the_check(page: Page, story: Story, hands: Hands) -> None:
    """The form comes back as it was filled in, and what is sent is what was changed."""
    await sign_in(page, ADA, f"{ACCOUNT}{TAILSPIN}/requests/education")
    await fill_in(page, hands, "www.gmail.com")
    await hands.press(page.get_by_role("link", name="Change something"))
    await expect(page.get_by_role("textbox")).to_have_value("www.gmail.com")
    await expect(page.get_by_role("radio", name="Higher education")).to_be_checked()
    await fill_in(page, hands, "www.tailspintoys.com")
    await hands.press(page.get_by_role("button", name="Send the request"))
    await expect(page.get_by_text("In review", exact=True)).to_be_visible()
    await assert_accessible(page)
    assert story.history(TAILSPIN)[0]["step"] == "submit"


async def test_a_double_click_asks_once(page: Page, story: Story) -> None:
    await _ready_to_send(page)
    await page.get_by_role("button", name="Send the request").dblclick()
    await expect(page.get_by_text("The request is sent.")).to_be_visible()
    assert story.steps(TAILSPIN).count("submit") == 1


async def test_going_back_asks_once(page: Page, story: Story) -> None:
    """The way back leads to the check, which says by now that the request is there; loading again sends nothing."""
    await _ready_to_send(page)
    await page.get_by_role("button", name="Send the request").click()
    await expect(page.get_by_text("The request is sent.")).to_be_visible()
    await page.reload()
    await page.go_back()
    await expect(page.get_by_text("A request is already in review.")).to_be_visible()
    await page.reload()
    await page.go_forward()
    await expect(page.get_by_text("In review", exact=True)).to_be_visible()
    assert story.steps(TAILSPIN).count("submit") == 1


async def test_the_same_form_from_two_tabs_asks_once(page: Page, story: Story) -> None:
    """The second tab shows what it showed before: its button leads to the request that is there."""
    await _ready_to_send(page)
    second = await page.context.new_page()
    await second.goto(page.url)
    for one in (page, second):
        await one.get_by_role("button", name="Send the request").click()
        await expect(one.get_by_text("The request is sent.")).to_be_visible()
    assert story.steps(TAILSPIN).count("submit") == 1


async def test_who_came_late_is_told(page: Page, story: Story) -> None:
    """Somebody else asked between the check and the sending."""
    await _ready_to_send(page)
    story.asks(TAILSPIN, "www.tailspintoys.com")
    await page.get_by_role("button", name="Send the request").click()
    await expect(page.get_by_text("A request is already in review.")).to_be_visible()
    await expect(page.get_by_role("button", name="Send the request")).to_have_count(0)
    await assert_accessible(page)


async def test_a_form_that_leads_nowhere_says_so_at_once(page: Page, story: Story) -> None:
    story.asks(TAILSPIN, "www.tailspintoys.com")
    await sign_in(page, ADA, f"{ACCOUNT}{TAILSPIN}/requests/education")
    await expect(page.get_by_text("A request is already in review.")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="Back to the customer").click()
    await expect(page.get_by_role("heading", name="Tailspin Toys")).to_be_visible()


async def _ready_to_send(page: Page) -> None:
    await sign_in(page, ADA, f"{ACCOUNT}{TAILSPIN}/requests/education")
    await page.get_by_role("radio", name="Higher education").check()
    await page.get_by_role("textbox").fill("www.tailspintoys.com")
    await page.get_by_role("button", name="Check before sending").click()
    await expect(page.get_by_role("button", name="Send the request")).to_be_visible()
