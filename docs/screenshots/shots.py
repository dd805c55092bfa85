"""Where each picture is taken: who stands there, and how they came there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page
from tests.browser.people import ADA, MAX, RAE

Way = Callable[[Page], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Shot:
    """One page worth a picture.

    Parameters:
        name: what the picture's name begins with.
        who: signs in.
        way: leads there.
    """

    name: str
    who: str
    way: Way


def _page(path: str) -> Way:
    return lambda page: page.goto(f"/console{path}")


def _link(path: str, name: str) -> Way:
    """Return the way that follows the first link with a name from a page."""

    async def follow(page: Page) -> None:
        await page.goto(f"/console{path}")
        await page.get_by_role("link", name=name).first.click()
        await page.wait_for_load_state()

    return follow


def _account(company: str) -> Way:
    return _link(f"/customers?q={company}", company)


async def _checked(page: Page) -> None:
    await _account("School of Fine Art")(page)
    await page.get_by_role("link", name="Ask for it Education").click()
    await page.get_by_role("radio", name="Primary and secondary").check()
    await page.get_by_label("The institution's website").fill("www.fineart-academy.edu")


async def _check(page: Page) -> None:
    await _checked(page)
    await page.get_by_role("button", name="Check before sending").click()
    await page.get_by_role("heading", name="Check before sending").wait_for()


async def _history(page: Page) -> None:
    await _account("Siemens AG")(page)
    await page.get_by_role("link", name="What happened Education").click()
    await page.get_by_role("heading", name="Education").wait_for()


async def _government(page: Page) -> None:
    await _account("City of Redmond")(page)
    await page.get_by_role("link", name="Ask for it Government").click()
    await page.get_by_role("heading", name="Ask for Government").wait_for()


async def _domain(page: Page) -> None:
    await _link("/queue", "Schomburg Center")(page)
    await page.get_by_role("link", name="Decide them together").click()
    await page.get_by_role("checkbox", name="All").check()


async def _undoable(page: Page) -> None:
    """Decide a case: the next one comes by itself, and above it stands how to take the decision back."""
    await _link("/queue", "Eton College")(page)
    await page.get_by_label("Note for the staff").fill("Both domains lead to the school's own site.")
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_role("button", name="Undo").wait_for()


async def _nothing_here(page: Page) -> None:
    await page.goto("/console/nothing-here")


SHOTS = (
    Shot("customers", ADA, _page("/customers")),
    Shot("customers-found", ADA, _page("/customers?q=university+of")),
    Shot("account", ADA, _account("Siemens AG")),
    Shot("account-denied", ADA, _account("Coursera")),
    Shot("request", ADA, _checked),
    Shot("request-government", ADA, _government),
    Shot("check", ADA, _check),
    Shot("history", ADA, _history),
    Shot("codes", ADA, _page("/codes")),
    Shot("nothing-here", ADA, _nothing_here),
    Shot("queue", RAE, _page("/queue")),
    Shot("case", RAE, _link("/queue", "University of Edinburgh")),
    Shot("case-again", RAE, _link("/queue", "Siemens AG")),
    Shot("domain", RAE, _domain),
    Shot("case-undo", RAE, _undoable),
    Shot("decisions", RAE, _page("/decisions")),
    Shot("partner-codes", MAX, _page("/partner-codes")),
)
