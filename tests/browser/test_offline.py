"""Without a connection: a banner on the page that is open, a page that says so for any other, and back again."""

from playwright.async_api import BrowserContext, Page, expect

from .accessibility import assert_accessible
from .people import ADA, sign_in
from .watch import Watch

# Chromium looks for a newer worker whenever it likes, which fails while there is no connection: for it, or in it.
_LOOKS_FOR_A_NEWER_WORKER = "when fetching the script|INTERNET_DISCONNECTED"

_KEPT = """async () => {
    await navigator.serviceWorker.ready;
    return Boolean(await caches.match("/console/offline"));
}"""


async def test_the_page_says_that_it_is_offline(page: Page, visitor: BrowserContext, watch: Watch) -> None:
    watch.tolerate(_LOOKS_FOR_A_NEWER_WORKER)
    await sign_in(page, ADA)
    banner = page.get_by_text("You are offline. What is on this page may be old")
    await expect(banner).to_be_hidden()
    await visitor.set_offline(True)
    await expect(banner).to_be_visible()
    await assert_accessible(page)
    await visitor.set_offline(False)
    await expect(banner).to_be_hidden()


async def test_any_other_page_is_the_one_that_was_kept(page: Page, visitor: BrowserContext, watch: Watch) -> None:
    """In its own look, without anybody's name; and with the connection the page that was wanted comes."""
    watch.expect("INTERNET_DISCONNECTED")
    watch.tolerate(_LOOKS_FOR_A_NEWER_WORKER)
    await sign_in(page, ADA)
    assert await page.evaluate(_KEPT)
    await visitor.set_offline(True)
    await page.goto("/console/codes")
    await expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    await expect(page.get_by_text("ada")).to_have_count(0)
    assert await page.evaluate("getComputedStyle(document.body).display") == "flex"
    await visitor.set_offline(False)
    await page.get_by_role("link", name="Try again").click()
    await expect(page.get_by_role("heading", name="Validation codes")).to_be_visible()


async def test_a_search_without_a_connection_says_so(page: Page, visitor: BrowserContext, watch: Watch) -> None:
    """And the next one that works takes it back."""
    watch.expect("INTERNET_DISCONNECTED")
    watch.tolerate(_LOOKS_FOR_A_NEWER_WORKER)
    watch.expect("console error: htmx:")
    await sign_in(page, ADA)
    await visitor.set_offline(True)
    await page.get_by_role("searchbox").fill("harvard")
    await expect(page.get_by_role("alert").filter(has_text="The service did not answer")).to_be_visible()
    await expect(page.get_by_role("searchbox")).to_have_value("harvard")
    await visitor.set_offline(False)
    await page.get_by_role("searchbox").fill("harvard u")
    await expect(page.get_by_role("row")).to_have_count(2)
    await expect(page.get_by_text("The service did not answer")).to_be_hidden()
