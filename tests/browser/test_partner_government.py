"""A partner asks for Government Community Cloud with one of its codes, and states a state-owned entity."""

from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, sign_in
from .story import REDMOND, Story

ACCOUNT = f"/console/customers/{REDMOND}"


async def test_a_customer_is_qualified_with_a_chosen_code(page: Page, story: Story, hands: Hands) -> None:
    """The choice says what is left of each; afterwards one less is."""
    await sign_in(page, ADA, ACCOUNT)
    await hands.press(page.get_by_role("link", name="Ask for it Government Community Cloud"))
    await expect(page.get_by_role("radio", name="12345")).to_be_checked()
    await assert_accessible(page)
    await hands.choose(page.get_by_role("radio", name="987654"))
    await hands.press(page.get_by_role("button", name="Check before sending"))
    await expect(page.get_by_text("The code is valid and has something left.")).to_be_visible()
    await hands.press(page.get_by_role("button", name="Send the request"))
    await expect(page.get_by_role("article", name="Government Community Cloud").get_by_text("Approved")).to_be_visible()
    await expect(page.get_by_role("article", name="Education")).to_contain_text("exclude each other")
    await assert_accessible(page)
    await hands.press(page.get_by_role("link", name="Validation codes"))
    await expect(page.get_by_role("row").filter(has_text="987654")).to_contain_text("4 of 5 left")


async def test_a_code_that_is_used_up_cannot_be_chosen(page: Page, story: Story) -> None:
    story.code("12345", left=0)
    await sign_in(page, ADA, f"{ACCOUNT}/requests/government")
    await expect(page.get_by_role("radio", name="12345")).to_be_disabled()
    await expect(page.get_by_role("radio", name="987654")).to_be_checked()
    await assert_accessible(page)
    await page.goto("/console/codes")
    await expect(page.get_by_role("row").filter(has_text="12345")).to_contain_text("None left")
    await assert_accessible(page)


async def test_a_code_that_ran_out_since_the_check_is_told(page: Page, story: Story) -> None:
    """And another one can be chosen."""
    await sign_in(page, ADA, f"{ACCOUNT}/requests/government")
    await page.get_by_role("button", name="Check before sending").click()
    await expect(page.get_by_role("button", name="Send the request")).to_be_visible()
    story.code("12345", left=0)
    await page.get_by_role("button", name="Send the request").click()
    await expect(page.get_by_text("Nothing is left of this validation code.")).to_be_visible()
    await page.get_by_role("link", name="Change something").click()
    await page.get_by_role("radio", name="987654").check()
    await page.get_by_role("button", name="Check before sending").click()
    await page.get_by_role("button", name="Send the request").click()
    await expect(page.get_by_text("The request is sent.")).to_be_visible()
    assert story.steps(REDMOND, "GovernmentCommunityCloud") == ["redeem"]


async def test_without_any_code_left_the_form_says_what_to_do(page: Page, story: Story) -> None:
    for code in ("12345", "987654"):
        story.code(code, left=0)
    await sign_in(page, ADA, f"{ACCOUNT}/requests/government")
    await expect(page.get_by_text("None of your validation codes has anything left.")).to_be_visible()
    await expect(page.get_by_role("button", name="Check before sending")).to_have_count(0)
    await assert_accessible(page)


async def test_a_state_owned_entity_is_held_at_once(page: Page, story: Story, hands: Hands) -> None:
    """It is the partner's own statement, and the form says that it cannot be taken back."""
    await sign_in(page, ADA, ACCOUNT)
    await hands.press(page.get_by_role("link", name="Ask for it State-owned entity"))
    await expect(page.get_by_text("it cannot be taken back")).to_be_visible()
    await assert_accessible(page)
    await hands.press(page.get_by_role("button", name="Check before sending"))
    await hands.press(page.get_by_role("button", name="Send the request"))
    await expect(page.get_by_role("article", name="State-owned entity").get_by_text("Held")).to_be_visible()
    assert story.steps(REDMOND, "StateOwnedEntity") == ["hold"]
