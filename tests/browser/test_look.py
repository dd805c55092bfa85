"""How the pages look to whom: light or dark, the viewer's own time, without a script, and where one Tab leads first."""

import re

from playwright.async_api import Browser, Page, expect

from tests.support.processes import Sandbox

from . import chromium
from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, RAE, sign_in
from .story import TAILSPIN, Story
from .watch import Watch

_GROUND = "getComputedStyle(document.body).backgroundColor"


async def test_dark_is_chosen_and_kept(page: Page, hands: Hands) -> None:
    """Against the system's choice, on the next page too, and without a flash of the other."""
    await page.emulate_media(color_scheme="light")
    await sign_in(page, ADA)
    light = await page.evaluate(_GROUND)
    await hands.press(page.get_by_role("button", name="Light or dark"))
    dark = await page.evaluate(_GROUND)
    assert dark != light
    await page.goto("/console/codes")
    assert await page.evaluate(_GROUND) == dark
    await hands.press(page.get_by_role("button", name="Light or dark"))
    assert await page.evaluate(_GROUND) == light


async def test_times_are_the_viewers_and_utc_when_pointed_at(browser: Browser, sandbox: Sandbox, story: Story) -> None:
    """The same moment in two zones, as people there write it."""
    story.denied(TAILSPIN)
    shown, exact = [], []
    for locale, zone in (("en-GB", "Pacific/Auckland"), ("de-DE", "America/Los_Angeles")):
        context = await browser.new_context(base_url=sandbox.base, locale=locale, timezone_id=zone)
        context.set_default_timeout(chromium.PATIENCE_MILLISECONDS)
        page = await context.new_page()
        await sign_in(page, ADA, f"/console/customers/{TAILSPIN}/cases/education")
        moment = page.get_by_role("main").locator("time").first
        shown.append(await moment.inner_text())
        exact.append(await moment.get_attribute("title"))
        await context.close()
    assert shown[0] != shown[1]
    assert exact[0] == exact[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", exact[0] or "")


async def test_the_first_tab_leads_to_the_content(page: Page) -> None:
    await sign_in(page, ADA)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await assert_accessible(page)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("searchbox")).to_be_focused()


async def test_what_changes_is_announced(page: Page) -> None:
    """The lists that a script changes are live regions."""
    await sign_in(page, ADA)
    await expect(page.locator("#found")).to_have_attribute("aria-live", "polite")


async def test_everything_works_without_a_script(browser: Browser, sandbox: Sandbox, story: Story) -> None:
    """Searching, asking, filtering and deciding are forms and links first; times are told in UTC."""
    waiting = story.waits("Redwood School")
    context = await browser.new_context(base_url=sandbox.base, java_script_enabled=False)
    context.set_default_timeout(chromium.PATIENCE_MILLISECONDS)
    watch = Watch(context, sandbox.base)
    page = await context.new_page()
    await sign_in(page, ADA)
    await page.get_by_role("searchbox").fill("tailspin")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Tailspin Toys").click()
    await page.get_by_role("link", name="Ask for it Education").click()
    await page.get_by_role("radio", name="Higher education").check()
    await page.get_by_role("textbox").fill("www.tailspintoys.com")
    await page.get_by_role("button", name="Check before sending").click()
    await page.get_by_role("button", name="Send the request").click()
    await expect(page.get_by_text("The request is sent.")).to_be_visible()
    await page.get_by_role("link", name="What happened Education").click()
    await expect(page.locator("time").first).to_contain_text("UTC")
    await page.get_by_role("button", name="Sign out").click()
    await sign_in(page, RAE)
    await page.get_by_role("combobox", name="Country").select_option("US")
    await page.get_by_role("button", name="Filter").click()
    await expect(page).to_have_url(re.compile("country=US"))
    await page.get_by_role("link", name="Redwood School").click()
    await page.get_by_role("button", name="Not an academic domain").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await context.close()
    watch.check()
    assert story.steps(waiting)[-1] == "propose"
