"""A partner looks at a customer: who it is, how it stands, what happened; and comes away with its id."""

import re

import pytest
from playwright.async_api import BrowserContext, Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, CAROL, sign_in
from .story import OXFORD, TAILSPIN, Story
from .watch import Watch

ACCOUNT = f"/console/customers/{OXFORD}"


async def test_the_account_says_who_it_is(page: Page) -> None:
    await sign_in(page, ADA, ACCOUNT)
    info = page.get_by_role("region", name="Customer Account Info")
    for text in (OXFORD, "University of Oxford", "ox.ac.uk", "Wellington Square"):
        await expect(info).to_contain_text(text)
    special = page.get_by_role("region", name="Special qualifications")
    await expect(special.get_by_text("None")).to_have_count(3)
    await assert_accessible(page)


async def test_the_microsoft_id_is_copied(page: Page, visitor: BrowserContext, hands: Hands) -> None:
    await visitor.grant_permissions(["clipboard-read", "clipboard-write"])
    await sign_in(page, ADA, ACCOUNT)
    button = page.get_by_role("button", name="Copy the Microsoft ID")
    await hands.press(button)
    await expect(button).to_have_text("Copied")
    await expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert await page.evaluate("navigator.clipboard.readText()") == OXFORD
    await hands.press(button)
    await expect(button).to_have_text("Copy")


async def test_what_cannot_be_copied_says_so(page: Page) -> None:
    """A browser that keeps its clipboard to itself: the button must not promise what did not happen."""
    await sign_in(page, ADA, ACCOUNT)
    await page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    await page.get_by_role("button", name="Copy the Microsoft ID").click()
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("could not be copied")


async def test_what_happened_is_told_without_names_of_reviewers(page: Page, story: Story, hands: Hands) -> None:
    story.asks(TAILSPIN, "www.tailspintoys.com")
    story.decides(TAILSPIN, {"reason": "Not an Education Customer", "note": "our own words"}, "deny")
    await sign_in(page, ADA, f"/console/customers/{TAILSPIN}")
    await hands.press(page.get_by_role("link", name="What happened Education"))
    await expect(page).to_have_url(re.compile("/cases/education$"))
    steps = page.get_by_role("main").get_by_role("listitem").filter(has=page.locator("time"))
    await expect(steps).to_have_count(3)
    await expect(steps.nth(0)).to_contain_text("Your organisation")
    await expect(steps.nth(1)).to_contain_text("No institution is listed at this domain.")
    await expect(steps.nth(2)).to_contain_text("Not an education customer")
    await expect(page.get_by_text("our own words")).to_have_count(0)
    await assert_accessible(page)


async def test_the_page_sees_a_decision_by_itself(page: Page, story: Story) -> None:
    """Who waits at the page need not load it again."""
    story.asks(TAILSPIN, "www.tailspintoys.com")
    await sign_in(page, ADA, f"/console/customers/{TAILSPIN}")
    await expect(page.get_by_text("In review", exact=True)).to_be_visible()
    story.decides(TAILSPIN, {}, "approve")
    await expect(page.get_by_text("Approved", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", [ACCOUNT, f"{ACCOUNT}/requests/education", "/console/customers/nobody"])
async def test_a_stranger_learns_nothing(page: Page, watch: Watch, path: str) -> None:
    """Another partner's customer looks like one that does not exist."""
    watch.expect("404")
    await sign_in(page, CAROL)
    await page.goto(path)
    await expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
