"""The pages of a service as operators run it: a second person, nothing there yet, and a database that is gone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.pages_service import console_settings
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox, VetlineProcess

from . import chromium
from .accessibility import assert_accessible
from .hands import Hands
from .people import ADA, MAX, RAE, sign_in
from .story import Story
from .test_reviewer_case import case
from .watch import Watch


@pytest.fixture
def service(sandbox: Sandbox, tmp_path: Path) -> Iterator[VetlineProcess]:
    """A service whose denials take effect only when a second person agrees."""
    port = free_port()
    settings = console_settings(sandbox, f"http://127.0.0.1:{port}", tmp_path / "vetline.db")
    command = ["serve", "--roles", "api,worker,console", "--port", str(port)]
    changes = {"FOUR_EYES": "denials", "ISSUERS": f"{sandbox.base}/{{tenantid}}/v2.0", "TENANTS": ""}
    changes["REQUESTS_PER_MINUTE"] = "0"  # a test asks more often than any partner whether it is settled
    with VetlineProcess(command, settings | {f"VETLINE_{name}": value for name, value in changes.items()}) as found:
        yield found


@pytest.fixture
def story(sandbox: Sandbox, service: VetlineProcess) -> Story:
    """What happened there before."""
    return Story(sandbox, service)


@pytest_asyncio.fixture(loop_scope="session")
async def pages(browser: Browser, service: VetlineProcess, sandbox: Sandbox) -> AsyncIterator[list[Page]]:
    """Pages of two people, each in a browser of their own, watched."""
    async with chromium.visitor(browser, service.base) as one, chromium.visitor(browser, service.base) as other:
        watches = [Watch(context, service.base) for context in (one, other)]
        yield [await one.new_page(), await other.new_page()]
        for watch in watches:
            watch.expect(f"another origin: GET {sandbox.base}/")  # where people sign in
            watch.check()


async def test_a_denial_waits_for_a_second_person(pages: list[Page], story: Story, hands: Hands) -> None:
    """Who proposed cannot agree; who agrees does so with the same decision, and sees the note."""
    customer = story.waits("Redwood School")
    first, second = pages
    await sign_in(first, RAE, case(customer))
    await hands.write(first.get_by_role("textbox"), "A shop, no school.")
    await hands.press(first.get_by_role("button", name="Not an academic domain"))
    await expect(first.get_by_role("heading", name="Queue")).to_be_visible()
    await first.goto("/console/decisions")
    await hands.press(first.get_by_role("link", name="Redwood School"))
    await expect(first.get_by_text("You proposed it, so somebody else has to agree.")).to_be_visible()
    await assert_accessible(first)
    await sign_in(second, MAX, "/console/queue?second=1")
    await hands.press(second.get_by_role("link", name="Redwood School"))
    await expect(second.get_by_role("region", name="Your decision")).to_contain_text("A shop, no school.")
    await assert_accessible(second)
    assert story.steps(customer) == ["submit", "refer", "propose"]
    await hands.press(second.get_by_role("button", name="Not an academic domain"))
    await expect(second.get_by_role("button", name="Undo")).to_be_visible()
    story.until(customer, "deny")  # ten seconds in which the agreement can be undone, and which nobody moves on here


async def test_a_proposal_is_sent_back(pages: list[Page], story: Story, hands: Hands) -> None:
    customer = story.waits("Redwood School")
    first, second = pages
    await sign_in(first, RAE, case(customer))
    await first.keyboard.press("5")
    await expect(first.get_by_role("heading", name="Queue")).to_be_visible()
    await sign_in(second, MAX, case(customer))
    await hands.write(second.get_by_role("textbox"), "It is a school after all.")
    await hands.press(second.get_by_role("button", name="Send it back"))
    await expect(second.get_by_role("button", name="Send it back")).to_have_count(0)
    await expect(second.get_by_text("It is a school after all.").first).to_be_attached()
    assert story.steps(customer) == ["submit", "refer", "propose", "withdraw"]


async def test_where_nothing_is_yet_every_page_says_what_comes_there(pages: list[Page]) -> None:
    partner, reviewer = pages
    await sign_in(partner, ADA)
    await sign_in(reviewer, RAE)
    for page, path, heading in (
        (partner, "customers", "No customers yet"),
        (partner, "codes", "No validation codes"),
        (reviewer, "queue", "Nothing waits"),
        (reviewer, "decisions", "Every decision is in effect"),
    ):
        await page.goto(f"/console/{path}")
        await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await assert_accessible(page)


async def test_a_database_that_is_gone_is_a_page_to_come_back_from(browser: Browser) -> None:
    """It says what to do; when the database is back, so is the page, for the person who was signed in."""
    with PostgresServer() as database, Sandbox("--database-url", database.url(), "--log-level", "error") as sandbox:
        async with chromium.visitor(browser, sandbox.base) as somebody:
            watch = Watch(somebody, sandbox.base)
            watch.expect("503")
            page = await somebody.new_page()
            await sign_in(page, ADA)
            database.kill()
            await page.goto("/console/customers")
            await expect(page.get_by_role("heading", name="The service cannot answer now")).to_be_visible()
            await assert_accessible(page)
            database.start()
            async with asyncio.timeout(60):
                while await page.get_by_role("button", name="Sign out").count() == 0:
                    await page.goto("/console/customers")
            await expect(page.get_by_role("heading", name="Customers")).to_be_visible()
        watch.check()
