"""The journal and the scorecard in a real browser: live, filtered, opened, by mouse and by keyboard, light and dark."""

import re

from playwright.async_api import Browser, Page, expect

from tests.support.processes import Sandbox

from . import chromium
from .accessibility import assert_accessible
from .hands import Hands
from .watch import Watch

QUALIFICATIONS = "/v1/customers/11111111-c0c0-4000-8000-000000000001/qualifications"


async def test_the_journal_shows_what_happens_while_it_happens(page: Page, sandbox: Sandbox, hands: Hands) -> None:
    sandbox.token()
    sandbox.http.delete("/sandbox/journal").raise_for_status()
    await page.goto("/sandbox/journal/")
    await expect(page.get_by_role("heading", name="Nothing was asked yet")).to_be_visible()
    await assert_accessible(page)
    sandbox.call("GET", "/v1/customers")
    sandbox.call("POST", QUALIFICATIONS, json={"qualification": "Education"})
    sandbox.call("POST", QUALIFICATIONS, "app", json={"qualification": "Education"})
    rows = page.locator("#found tbody tr")
    await expect(rows.filter(has_text="403")).to_have_count(1)
    await assert_accessible(page)
    await hands.press(page.get_by_role("button", name="Live"))
    await expect(page.get_by_role("button", name="Live")).to_have_attribute("aria-pressed", "false")
    sandbox.call("GET", "/v1/nowhere")
    await expect(rows.filter(has_text="/v1/nowhere")).to_have_count(0)
    await hands.press(page.get_by_role("button", name="Live"))
    await expect(rows.filter(has_text="/v1/nowhere")).to_have_count(1)


async def test_exchanges_are_filtered_and_opened(page: Page, sandbox: Sandbox, hands: Hands) -> None:
    sandbox.call("GET", "/v1/customers")
    sandbox.call("POST", QUALIFICATIONS, json={"qualification": "Education"})
    await page.goto("/sandbox/journal/")
    await hands.select(page.get_by_role("combobox", name="Method"), "POST")
    await hands.write(page.get_by_role("textbox", name="Path"), "*/qualifications")
    await hands.press(page.get_by_role("button", name="Filter"))
    await expect(page).to_have_url(re.compile(r"method=POST"))
    await expect(page.locator("#found tbody tr")).to_have_count(1)
    await hands.press(page.get_by_role("link", name=f"POST {QUALIFICATIONS}"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text(f"POST {QUALIFICATIONS}")
    await expect(page.get_by_text('"vettingStatus": "InReview"')).to_be_visible()
    assert sandbox.token() not in await page.content()
    await assert_accessible(page)
    await hands.press(page.get_by_role("link", name="masked-"))
    await expect(page.locator("#found tbody tr")).to_have_count(2)


async def test_a_filter_that_is_not_understood_is_told(page: Page, sandbox: Sandbox, hands: Hands) -> None:
    sandbox.call("GET", "/v1/customers")
    await page.goto("/sandbox/journal/?status=good")
    await expect(page.get_by_role("alert")).to_contain_text("status must be a status such as 429")
    await assert_accessible(page)
    await hands.press(page.get_by_role("link", name="All", exact=True))
    await expect(page.locator("#found tbody tr").first).to_be_visible()


async def test_the_scorecard_leads_to_what_shows_it(page: Page, sandbox: Sandbox, hands: Hands) -> None:
    sandbox.call("GET", "/v1/customers", headers={"User-Agent": "careless/1"})
    sandbox.call("GET", "/v1/customers", headers={"User-Agent": "another/1"})
    await page.goto("/sandbox/scorecard/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your integration: 0 of 13")
    await assert_accessible(page)
    option = await page.locator("select option", has_text="careless/1").get_attribute("value")
    await hands.select(page.get_by_role("combobox", name="Client"), option or "")
    await hands.press(page.get_by_role("button", name="Show"))
    item = page.locator("#correlation-id-renewed")
    await expect(item).to_contain_text("It called without an MS-CorrelationId.")
    await hands.press(item.get_by_role("link", name=re.compile(r"^\d+$")))
    await expect(page.get_by_text("careless/1").first).to_be_visible()


async def test_a_worlds_pages_are_its_own(page: Page, sandbox: Sandbox) -> None:
    world = sandbox.http.post("/sandbox/worlds").raise_for_status().json()
    await page.goto(f"{world['endpoints']['control']}/journal/")
    await expect(page.get_by_role("heading", name="Nothing was asked yet")).to_be_visible()
    await page.get_by_role("link", name="Scorecard").click()
    await expect(page).to_have_url(f"{world['endpoints']['control']}/scorecard/")
    sandbox.http.delete(world["endpoints"]["control"])


async def test_they_work_without_a_script_and_on_a_phone(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.call("POST", QUALIFICATIONS, json={"qualification": "Education"})
    phone = {"width": 360, "height": 640}
    context = await browser.new_context(base_url=sandbox.base, java_script_enabled=False, viewport=phone)  # type: ignore[arg-type]
    context.set_default_timeout(chromium.PATIENCE_MILLISECONDS)
    watch = Watch(context, sandbox.base)
    page = await context.new_page()
    for path in ("/sandbox/journal/?method=POST", "/sandbox/scorecard/"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= phone["width"]
    await page.goto("/sandbox/journal/?method=POST&status=201")
    await page.get_by_role("link", name=f"POST {QUALIFICATIONS}").click()
    await expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= phone["width"]
    await context.close()
    watch.check()
