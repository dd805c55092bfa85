"""Uploads in a real browser: by mouse and by keyboard, in each state, on a phone, and without scripts."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.support.giving import customer, state_owned, table
from tests.support.processes import Sandbox
from vetline.console.uploads.intake import MAX_BYTES
from vetline.desk.uploads import SHOWN

from . import chromium
from .accessibility import assert_accessible
from .hostile_texts import HOSTILE_TEXTS, ran
from .keyboard import press, tab_to
from .people import ADA, sign_in
from .watch import Watch

PHONE = {"width": 375, "height": 700}
MANY = 60_000  # so many that they are not done while somebody looks


def file(data: bytes, name: str = "customers.csv") -> FilePayload:
    """Return a file as somebody chooses it."""
    return {"name": name, "mimeType": "text/csv", "buffer": data}


def unknown(count: int) -> bytes:
    """Return rows of customers that nobody has, so that each fails by itself."""
    return state_owned(*(str(uuid.uuid4()) for _ in range(count)))


async def choose(page: Page, chosen: FilePayload) -> None:
    """Choose a file in the form of the page."""
    await page.get_by_label(re.compile("CSV file")).set_input_files(chosen)


async def upload(page: Page, chosen: FilePayload) -> None:
    """Upload a file that is taken."""
    await page.goto("/console/uploads")
    await choose(page, chosen)
    await page.get_by_role("button", name="Upload and check").click()
    await page.wait_for_url("**/console/uploads/*-*")


async def is_done(page: Page) -> None:
    """Wait until the page says that all is done."""
    done = page.get_by_text("Every row is worked off.")
    await expect(done).to_be_visible(timeout=chromium.PATIENCE_MILLISECONDS)


async def assert_fits(page: Page) -> None:
    """Hold a page against the width of a phone: nothing of it lies beside the screen."""
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest_asyncio.fixture(loop_scope="session")
async def ada(page: Page) -> Page:
    """Ada's page, at her uploads."""
    await sign_in(page, ADA, "/console/uploads")
    return page


async def test_a_file_is_given_by_mouse_and_its_results_taken_away(ada: Page, tmp_path: Path) -> None:
    await expect(ada.get_by_text("No uploads yet")).to_be_visible()
    await assert_accessible(ada)
    await assert_fits(ada)
    await choose(ada, file(table(f"{customer(1)},StateOwnedEntity,,,", f"{customer(999)},StateOwnedEntity,,,")))
    await ada.get_by_role("button", name="Upload and check").click()
    await is_done(ada)
    await expect(ada.get_by_text("2 of 2 rows are worked off.")).to_be_visible()
    await expect(ada.get_by_role("cell", name="Held")).to_be_visible()
    await expect(ada.get_by_role("row", name=re.compile("Line 3.*60003"))).to_be_visible()
    await expect(ada.get_by_role("button", name="Cancel")).to_have_count(0)
    await assert_accessible(ada)
    await assert_fits(ada)
    async with ada.expect_download() as download:
        await ada.get_by_role("link", name="Download the results").click()
    assert (await download.value).suggested_filename == "customers-results.csv"
    await (await download.value).save_as(tmp_path / "results.csv")
    assert "held" in (tmp_path / "results.csv").read_text("utf-8")


async def test_a_file_is_given_by_keyboard(ada: Page) -> None:
    async with ada.expect_file_chooser() as chooser:  # begins well before the key, for the browser has to be told
        await tab_to(ada.get_by_label("CSV file"))
        await ada.keyboard.press("Enter")
    await (await chooser.value).set_files(file(state_owned(customer(1))))
    await press(ada.get_by_role("button", name="Upload and check"))
    await is_done(ada)
    await press(ada.get_by_role("link", name="Uploads").first)
    await press(ada.get_by_role("link", name="customers.csv"))
    await expect(ada.get_by_role("heading", name="customers.csv")).to_be_visible()


async def test_the_example_is_a_file_to_begin_with(ada: Page, tmp_path: Path) -> None:
    async with ada.expect_download() as download:
        await ada.get_by_role("link", name="Download an example").click()
    example = await download.value
    assert example.suggested_filename == "example.csv"
    await example.save_as(tmp_path / "example.csv")
    await upload(ada, file((tmp_path / "example.csv").read_bytes(), "example.csv"))
    await is_done(ada)
    await expect(ada.get_by_text("4 of 4 rows are worked off.")).to_be_visible()


async def worked_off(page: Page) -> int:
    """Return how many rows the page says are worked off."""
    return int((await page.locator("#settled").inner_text()).partition(" ")[0].replace(",", ""))


async def test_progress_is_live_and_outlives_a_reload_and_a_sign_out(ada: Page) -> None:
    await upload(ada, file(unknown(MANY)))
    address = ada.url
    await expect(ada.get_by_role("progressbar", name="Progress")).to_have_attribute("max", str(MANY))
    settled = ada.locator("#settled")
    before = await settled.inner_text()
    await expect(settled).not_to_have_text(before, timeout=chromium.PATIENCE_MILLISECONDS)  # by itself
    seen = await worked_off(ada)
    await ada.reload()
    assert await worked_off(ada) >= seen > 0
    await ada.get_by_role("button", name="Sign out").click()
    await ada.wait_for_url("**/console/sign-out")
    await sign_in(ada, ADA, "/console/uploads")
    await ada.get_by_role("link", name="customers.csv").click()
    await expect(settled).to_be_visible()
    assert ada.url == address
    assert await worked_off(ada) >= seen


async def test_an_upload_is_cancelled_by_keyboard(ada: Page) -> None:
    await upload(ada, file(unknown(MANY)))
    await press(ada.get_by_role("button", name="Cancel the upload"))
    await expect(ada.get_by_text("The upload was cancelled.")).to_be_visible()
    await expect(ada.get_by_role("cell", name="Not sent")).to_be_visible()
    await expect(ada.get_by_role("button", name="Cancel the upload")).to_have_count(0)
    await assert_accessible(ada)
    await assert_fits(ada)


async def test_everybody_can_use_the_page_while_it_is_worked_off(ada: Page) -> None:
    """It stands still meanwhile: to look at all of it takes longer than the work."""
    await ada.route(lambda url: "shown=open" in url, lambda route: route.fulfill(status=204))
    await upload(ada, file(unknown(MANY)))
    await assert_accessible(ada)
    await assert_fits(ada)
    await expect(ada.get_by_role("button", name="Cancel the upload")).to_be_visible()


async def test_the_page_changes_by_itself_when_all_is_done(ada: Page) -> None:
    """All of it: what it says, and what can be done there."""
    await upload(ada, file(unknown(1_500)))
    await expect(ada.get_by_role("button", name="Cancel the upload")).to_be_visible()
    await is_done(ada)
    await expect(ada.get_by_role("button", name="Cancel the upload")).to_have_count(0)
    await expect(ada.get_by_role("heading", name="1,500 rows failed")).to_be_visible()


async def test_bad_rows_are_named_and_the_mended_file_is_sent(ada: Page) -> None:
    bad = [f"x{number},Education,,," for number in range(SHOWN + 1)]
    await upload(ada, file(table(*bad)))
    await expect(ada.get_by_text("Nothing of this file was sent, because some lines need a change.")).to_be_visible()
    await expect(ada.get_by_text(f"{SHOWN + 1} of {SHOWN + 1} rows need a change")).to_be_visible()
    await expect(ada.get_by_role("row", name=re.compile("Line 2 .*'x0' is no GUID"))).to_be_visible()
    await assert_accessible(ada)
    await press(ada.get_by_role("link", name="Next"))
    await expect(ada.get_by_role("row", name=re.compile(f"'x{SHOWN}' is no GUID"))).to_be_visible()
    await assert_accessible(ada)
    await assert_fits(ada)
    await ada.get_by_role("link", name="First rows").click()
    await choose(ada, file(state_owned(customer(1)), "mended.csv"))
    await ada.get_by_role("button", name="Upload and check again").click()
    await expect(ada.get_by_role("heading", name="mended.csv")).to_be_visible()
    await is_done(ada)


async def test_what_is_no_table_is_refused_with_its_line(ada: Page, watch: Watch) -> None:
    watch.expect("status 400|400 \\(Bad Request\\)")
    await choose(ada, file(table(f"{customer(1)},Education,K12,ox.ac.uk,").replace(b"ox", b"\xff"), "latin.csv"))
    await ada.get_by_role("button", name="Upload and check").click()
    problem = ada.get_by_role("alert", name="This file cannot be read, and nothing of it was sent")
    await expect(problem).to_contain_text("latin.csv")
    await expect(problem).to_contain_text("not UTF-8")
    await assert_accessible(ada)
    await assert_fits(ada)


async def test_a_file_that_is_too_large_is_not_even_sent(ada: Page) -> None:
    sent: list[str] = []
    ada.on("request", lambda request: sent.append(request.method))
    await choose(ada, file(b"x" * (MAX_BYTES + 1)))
    await ada.get_by_role("button", name="Upload and check").click()
    field = ada.get_by_label("CSV file")
    assert "Divide it" in str(await field.evaluate("field => field.validationMessage"))
    assert "POST" not in sent
    await choose(ada, file(state_owned(customer(1))))
    await ada.get_by_role("button", name="Upload and check").click()
    await is_done(ada)


@pytest_asyncio.fixture(loop_scope="session")
async def plain(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """Ada's page in a browser that runs no scripts."""
    context = await browser.new_context(base_url=sandbox.base, java_script_enabled=False)
    context.set_default_timeout(chromium.PATIENCE_MILLISECONDS)
    page = await context.new_page()
    await sign_in(page, ADA, "/console/uploads")
    yield page
    await context.close()


async def test_without_scripts_one_looks_again(plain: Page) -> None:
    await upload(plain, file(unknown(MANY)))
    before = await plain.locator("#settled").inner_text()
    async with asyncio.timeout(60):
        while await plain.locator("#settled").inner_text() == before:
            await plain.get_by_role("link", name="Look again").click()
    await plain.get_by_role("button", name="Cancel the upload").click()
    await expect(plain.get_by_text("The upload was cancelled.")).to_be_visible()


async def test_without_scripts_a_double_click_is_one_upload(plain: Page) -> None:
    await choose(plain, file(state_owned(customer(1))))
    await plain.get_by_role("button", name="Upload and check").dblclick(no_wait_after=True)
    await plain.wait_for_url("**/console/uploads/*-*")
    await plain.goto("/console/uploads")
    await expect(plain.get_by_role("link", name="customers.csv")).to_have_count(1)


async def test_without_scripts_a_file_that_is_too_large_hears_why(plain: Page, tmp_path: Path) -> None:
    for size in (MAX_BYTES + 1, 3 * MAX_BYTES):
        (tmp_path / "large.csv").write_bytes(b"x\n" * (size // 2 + 1))
        await plain.goto("/console/uploads")
        await plain.get_by_label("CSV file").set_input_files(tmp_path / "large.csv")
        await plain.get_by_role("button", name="Upload and check").click()
        await expect(plain.get_by_role("alert")).to_contain_text("nothing of it was sent")
        await expect(plain.get_by_role("alert")).to_contain_text(re.compile("[Dd]ivide it"))


async def test_hostile_names_and_cells_do_not_run(ada: Page, visitor: BrowserContext) -> None:
    """All of them in one table, and each as the name of its file."""
    rows = [",".join(['"' + one.text.replace('"', '""') + '"'] * 5) for one in HOSTILE_TEXTS]
    await upload(ada, file(table(*rows), HOSTILE_TEXTS[0].text))
    address = ada.url
    page: str | None = address
    while page:
        await ada.goto(page)
        assert not await ran(ada)
        following = ada.get_by_role("link", name="Next")
        page = await following.get_attribute("href") if await following.count() else None
    for one in HOSTILE_TEXTS:
        name = re.sub(r"[\r\n\0]", "", one.text)
        await visitor.request.post(
            "/console/uploads",
            multipart={
                "csrf": str(await ada.locator("input[name=csrf]").first.get_attribute("value")),
                "id": str(uuid.uuid4()),
                "file": file(state_owned(customer(1)), name),
            },
            max_redirects=0,
        )
    await ada.goto("/console/uploads")
    assert not await ran(ada)
    await assert_fits(ada)
