"""A case is one screen of a small laptop: claim, evidence and decision, without scrolling the page."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.support.processes import Sandbox

from .accessibility import assert_accessible
from .people import RAE, sign_in

SCREEN = ViewportSize(width=1280, height=800)
FITS = "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
# Everything is wrong that can be, and as long as it may be.
CLAIM = {"Qualification": "Education", "Website": f"https://{'a-very-long-name.' * 11}alumni.ed.ac.uk/"}
COMPANY = {
    "CompanyProfile": {"Domain": "contoso.com", "CompanyName": "Society of the Friends of the University " * 5},
    "BillingProfile": {
        "Culture": "en-US",
        "Email": "somebody.of.the.society@gmail.com",
        "Language": "en",
        "CompanyName": "Society of the Friends of the University " * 5,
        "DefaultAddress": {
            "Country": "GB",
            "City": "Nowhere",
            "PostalCode": "EH8 9YL",
            "AddressLine1": "Old College, South Bridge, behind the second gate " * 3,
        },
    },
}


def ask(sandbox: Sandbox, customer: str, claim: dict[str, str]) -> None:
    """Ask for Education, and let the data be looked at."""
    assert sandbox.call("POST", f"/v1/customers/{customer}/qualifications", json=claim).status_code == 201
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 1}).raise_for_status()


async def assert_one_screen(page: Page) -> None:
    """Hold the case that is shown against the law of this file."""
    assert await page.evaluate(FITS)
    for name in ("The claim", "The evidence"):
        await expect(page.get_by_role("heading", name=name)).to_be_in_viewport(ratio=1)
    for name in ("Approve", "Not an eligible museum"):
        await expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


@pytest.fixture
def long_case(sandbox: Sandbox) -> str:
    """The company of a case with much to say."""
    answer = sandbox.call("POST", "/v1/customers", json=COMPANY)
    assert answer.status_code == 201, answer.text
    ask(sandbox, answer.json()["id"], CLAIM)
    return "Society of the Friends"


async def test_a_case_with_long_evidence_is_one_screen(page: Page, long_case: str) -> None:
    await page.set_viewport_size(SCREEN)
    await sign_in(page, RAE, "/console/queue")
    await page.get_by_role("link", name=long_case).click()
    await assert_one_screen(page)
    await assert_accessible(page)


async def test_what_can_be_undone_hides_nothing_and_moves_nothing(page: Page, sandbox: Sandbox, long_case: str) -> None:
    ask(sandbox, "11111111-c0c0-4000-8000-000000000003", {"Qualification": "Education", "Website": "tailspintoys.com"})
    await page.set_viewport_size(SCREEN)
    await sign_in(page, RAE, "/console/queue")
    await page.get_by_role("link", name="Tailspin Toys").click()
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("heading", name=long_case)).to_be_visible()
    undo, approve = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Approve")
    await expect(undo).to_be_in_viewport(ratio=1)
    await assert_one_screen(page)
    before = await approve.bounding_box()
    await expect(undo).to_be_hidden(timeout=20_000)
    assert await approve.bounding_box() == before
