"""One Chromium for each process of tests, a visitor who was never here for each test, and an eye on what pages do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from tests.support.processes import Sandbox

from . import chromium
from .hands import Hands, Keyboard, Mouse
from .story import Story
from .watch import Watch

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of this folder run in one event loop: the browser lives in it from the first to the last."""
    for item in items:
        if item.path.is_relative_to(_HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for the whole run; use `page`, which is fresh for each test."""
    async with chromium.started() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, sandbox: Sandbox) -> AsyncIterator[BrowserContext]:
    """Somebody who was never here, at a fresh sandbox."""
    async with chromium.visitor(browser, sandbox.base) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def watch(visitor: BrowserContext, sandbox: Sandbox) -> AsyncIterator[Watch]:
    """What goes wrong on the visitor's pages; the test fails by it at its end."""
    found = Watch(visitor, sandbox.base)
    yield found
    await visitor.close()  # from here on nothing more can be noted
    found.check()


@pytest_asyncio.fixture(loop_scope="session")
async def page(visitor: BrowserContext, watch: Watch) -> Page:
    """An empty page of the visitor, watched."""
    return await visitor.new_page()


@pytest.fixture(params=[Mouse(), Keyboard()], ids=["mouse", "keyboard"])
def hands(request: pytest.FixtureRequest) -> Hands:
    """How the visitor works with the page: a test that asks for this runs once for each way."""
    found: Hands = request.param
    return found


@pytest.fixture
def story(sandbox: Sandbox) -> Story:
    """What happened at the sandbox before."""
    return Story(sandbox)


@pytest_asyncio.fixture(loop_scope="session")
async def another(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Callable[[], Awaitable[Page]]]:
    """Open a page of somebody else, in a browser of their own, watched too."""
    async with AsyncExitStack() as stack:
        watches = []

        async def open_page() -> Page:
            context = await stack.enter_async_context(chromium.visitor(browser, sandbox.base))
            watches.append(Watch(context, sandbox.base))
            return await context.new_page()

        yield open_page
        await stack.aclose()
        for watch in watches:
            watch.check()
