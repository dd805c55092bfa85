"""The system's Chromium for tests: found, started, and shut in, so that nothing but this machine can be reached."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

# The first is Chromium without a window's tabs and toolbars, which take more than twice the processor that pages do.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Tests share the machine's cores with many others: a page that takes longer than this does not come at all.
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=30_000)
_NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


def executable() -> str:
    """Return where Chromium is; without one the test is skipped, but in continuous integration it fails."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return found
    missing = "no Chromium is installed here: apt-get install chromium-headless-shell fonts-liberation"
    if "CI" in os.environ:
        pytest.fail(missing)
    pytest.skip(missing)


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """Yield a browser without windows."""
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=[_NO_OTHER_HOST], timeout=PATIENCE_MILLISECONDS
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def visitor(browser: Browser, base: str) -> AsyncIterator[BrowserContext]:
    """Yield somebody who was never here: no cookies, nothing kept, addresses relative to `base`."""
    context = await browser.new_context(base_url=base, locale="en-GB", timezone_id="UTC", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield context
    await context.close()
