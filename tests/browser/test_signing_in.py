"""The way in and out, in a real browser."""

import re

import pytest
from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .keyboard import press
from .people import ADA, CAROL, sign_in
from .watch import Watch


@pytest.mark.parametrize("username", [ADA, CAROL])
async def test_a_partner_begins_with_their_customers(page: Page, username: str) -> None:
    await sign_in(page, username)
    await expect(page).to_have_url(re.compile("/console/customers$"))
    await assert_accessible(page)


async def test_the_page_that_was_wanted_comes_after_the_sign_in(page: Page) -> None:
    await sign_in(page, ADA, "/console/codes")
    await expect(page).to_have_url(re.compile("/console/codes$"))
    await assert_accessible(page)


async def test_somebody_signs_out_by_the_keyboard(page: Page) -> None:
    await sign_in(page, ADA)
    await press(page.get_by_role("button", name="Sign out"))
    await page.wait_for_url("**/console/sign-out")
    await assert_accessible(page)
    await page.goto("/console/customers")
    await expect(page.get_by_role("link", name=ADA)).to_be_visible()


async def test_a_page_that_is_not_there_says_so(page: Page, watch: Watch) -> None:
    watch.expect("404")
    await sign_in(page, ADA)
    await page.goto("/console/nothing")
    await assert_accessible(page)
