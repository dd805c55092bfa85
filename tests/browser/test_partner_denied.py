"""A partner whose request was denied: the reason, what to do next, how many requests are left, and the end of them."""

from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, sign_in
from .story import TAILSPIN, Story


async def test_denied_until_no_request_is_left(page: Page, story: Story, hands: Hands) -> None:
    story.denied(TAILSPIN)
    await sign_in(page, ADA, f"/console/customers/{TAILSPIN}")
    education = page.get_by_role("article", name="Education")
    for left in ("2 requests are left.", "One request is left."):
        await expect(education.get_by_text("Not an education customer")).to_be_visible()
        await expect(education).to_contain_text("send the website of the institution itself")
        await expect(education.get_by_text(left)).to_be_visible()
        await _asks_again(page, hands)
        story.decides(TAILSPIN, {"reason": "Not an Education Customer"}, "deny")
        await page.reload()  # it would come by itself, but the page looks seldom while a person decides
        await expect(education.get_by_text("Denied")).to_be_visible()
    await expect(education.get_by_text("All three requests are used up.")).to_be_visible()
    await expect(education.get_by_role("link", name="Ask again")).to_have_count(0)
    await assert_accessible(page)
    await hands.press(page.get_by_role("link", name="What happened Education"))
    await expect(page.get_by_text("request 3")).to_have_count(3)
    await assert_accessible(page)


async def _asks_again(page: Page, hands: Hands) -> None:
    await hands.press(page.get_by_role("link", name="Ask again Education"))
    await hands.choose(page.get_by_role("radio", name="Higher education"))
    await hands.write(page.get_by_role("textbox"), "www.tailspintoys.com")
    await hands.press(page.get_by_role("button", name="Check before sending"))
    await hands.press(page.get_by_role("button", name="Send the request"))
    await expect(page.get_by_text("In review", exact=True)).to_be_visible()
