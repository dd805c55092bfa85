"""The dashboard in a real browser: drawn, live, in light and dark, and readable without seeing a drawing."""

import pytest
from playwright.async_api import Page, expect

from tests.support.processes import Sandbox

from .accessibility import assert_accessible
from .keyboard import press
from .people import RAE, sign_in

OXFORD = "/v1/customers/11111111-c0c0-4000-8000-000000000001/qualifications"
ASKED = {"Qualification": "Education", "EducationSegment": "HigherEducation", "Website": "ox.ac.uk"}
INKED = (
    """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((it) => it > 0)"""
)


async def looks(page: Page) -> None:
    """Look at the dashboard as a reviewer, until its figures are there."""
    await sign_in(page, RAE, "/console/dashboard")
    await expect(page.get_by_text("As of")).to_be_visible(timeout=20_000)


async def test_every_chart_is_drawn(page: Page) -> None:
    await looks(page)
    for name in ("flow", "waiting", "took", "ages", "outcomes", "reasons"):
        canvas = page.locator(f"#chart-{name}")
        assert await canvas.evaluate(INKED), name
    await assert_accessible(page)


async def test_a_decision_appears_by_itself(page: Page, sandbox: Sandbox) -> None:
    await looks(page)
    card = page.locator("dl.cards div", has_text="Decided by data")
    await expect(card).to_contain_text("0 %")
    assert sandbox.call("POST", OXFORD, json=ASKED).status_code == 201
    await expect(card).to_contain_text("100 %", timeout=30_000)
    await page.reload()
    await expect(card).to_contain_text("100 %")


async def test_the_numbers_are_a_table_too(page: Page, sandbox: Sandbox) -> None:
    assert sandbox.call("POST", OXFORD, json=ASKED).status_code == 201
    await looks(page)
    await press(page.locator("summary", has_text="Outcomes"))
    row = page.locator("details[data-chart=outcomes] tr", has_text="Education")
    await expect(row.locator("td").first).to_have_text("1", timeout=30_000)
    await assert_accessible(page)


@pytest.mark.parametrize("days", [7, 90])
async def test_the_window_stands_in_the_address_bar(page: Page, days: int) -> None:
    await looks(page)
    await press(page.get_by_role("link", name=f"{days} days"))
    await page.wait_for_url(f"**/dashboard?days={days}")
    await expect(page.locator("[data-chart=flow] tbody tr")).to_have_count(days, timeout=20_000)


async def test_dark_is_drawn_in_other_colours(page: Page) -> None:
    await page.emulate_media(color_scheme="light")
    await looks(page)
    picture = "() => document.getElementById('chart-flow').toDataURL()"
    light = await page.evaluate(picture)
    await press(page.get_by_role("button", name="Light or dark"))
    assert await page.evaluate(picture) != light
