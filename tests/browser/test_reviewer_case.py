"""A reviewer decides a case: with everything on one screen, with each reason, undone in time or too late."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.support.processes import CONTOSO

from .accessibility import assert_accessible
from .hands import Hands
from .people import RAE, sign_in
from .story import OXFORD, Story
from .watch import Watch

# The keys, and what the partner reads of each; the second ends an approval and fits nothing else.
REASONS = {
    "1": "Not an education customer",
    "3": "Not education \N{EN DASH} after review",
    "4": "Restricted from academic prices",
    "5": "Not an academic domain",
    "6": "Not an eligible library",
    "7": "Not an eligible museum",
}
UNDO_SECONDS = 11


def case(customer: str) -> str:
    """Return the address of a customer's case."""
    return f"/console/cases/{CONTOSO}/{customer}/education"


async def test_a_case_is_approved(page: Page, story: Story, hands: Hands) -> None:
    """From the queue: open, read, note, approve; the next one comes by itself, and then the queue."""
    customer = story.waits("Redwood School")
    await sign_in(page, RAE)
    await hands.press(page.get_by_role("link", name="Redwood School"))
    for name in ("The claim", "The evidence"):
        await expect(page.get_by_role("region", name=name)).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="Unlisted")).to_be_visible()
    await assert_accessible(page)
    await hands.write(page.get_by_role("textbox", name="Note for the staff"), "Seen on the ministry's list.")
    await hands.press(page.get_by_role("button", name="Approve"))
    await expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="Redwood School")).to_contain_text("Approve")
    await assert_accessible(page)
    story.time_goes_by(UNDO_SECONDS)
    assert story.history(customer)[-1]["note"] == "Seen on the ministry's list."
    assert story.steps(customer)[-1] == "approve"


async def test_everything_fits_on_one_screen(page: Page, story: Story) -> None:
    """Of a laptop: claim, evidence and all buttons of the decision, without scrolling."""
    await page.set_viewport_size({"width": 1366, "height": 768})
    await sign_in(page, RAE, case(story.waits("Redwood School")))
    for name in ("The claim", "The evidence"):
        await expect(page.get_by_role("heading", name=name)).to_be_in_viewport()
    for button in await page.locator(".verdicts button").all():
        await expect(button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("key", REASONS)
async def test_a_case_is_denied_with_each_reason(page: Page, story: Story, key: str) -> None:
    customer = story.waits("Redwood School")
    await sign_in(page, RAE, case(customer))
    await expect(page.get_by_role("button", name=REASONS[key])).to_be_visible()
    await page.keyboard.press(key)
    await expect(page.get_by_role("status").filter(has_text="Redwood School")).to_contain_text(REASONS[key])
    story.time_goes_by(UNDO_SECONDS)
    assert story.steps(customer)[-1] == "deny"
    await page.goto(case(customer))
    await expect(page.get_by_text(f"Denied \N{EN DASH} {REASONS[key]}").first).to_be_visible()


async def test_an_approval_is_ended(page: Page, story: Story, hands: Hands) -> None:
    """With the one reason that is made for it; the key that fits no waiting case does nothing there."""
    waiting = story.waits("Redwood School")
    story.asks(OXFORD, "ox.ac.uk")
    await sign_in(page, RAE, case(waiting))
    await page.keyboard.press("2")
    await expect(page.get_by_role("button", name="No longer an education customer")).to_be_disabled()
    await page.goto(case(OXFORD))
    await assert_accessible(page)
    await hands.press(page.get_by_role("button", name="End the approval"))
    await expect(page.get_by_role("status").filter(has_text="University of Oxford")).to_be_visible()
    story.time_goes_by(UNDO_SECONDS)
    assert story.steps(OXFORD)[-1] == "revoke"
    assert story.steps(waiting)[-1] == "refer"


async def test_a_decision_is_undone(page: Page, story: Story, hands: Hands) -> None:
    """Its seconds are counted down; the case waits again, as if nothing had been decided."""
    customer = story.waits("Redwood School")
    await sign_in(page, RAE, case(customer))
    await hands.press(page.get_by_role("button", name="Approve"))
    undo = page.get_by_role("button", name="Undo")
    await expect(undo.locator(".left")).to_have_text(re.compile(r"^\d+$"))
    await hands.press(undo)
    await expect(page.get_by_role("heading", name="Redwood School")).to_be_visible()
    story.time_goes_by(UNDO_SECONDS)
    assert story.steps(customer) == ["submit", "refer", "propose", "withdraw"]
    await page.goto("/console/queue")
    await expect(page.get_by_role("link", name="Redwood School")).to_be_visible()


async def test_too_late_to_undo_is_said(page: Page, story: Story, watch: Watch) -> None:
    watch.expect("409")
    customer = story.waits("Redwood School")
    await sign_in(page, RAE, case(customer))
    await page.keyboard.press("a")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    story.time_goes_by(UNDO_SECONDS)
    await page.keyboard.press("u")
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("has taken effect already")
    await assert_accessible(page)
    assert story.steps(customer)[-1] == "approve"


async def test_what_is_not_in_effect_yet_has_a_page(page: Page, story: Story, hands: Hands) -> None:
    await sign_in(page, RAE, "/console/decisions")
    await expect(page.get_by_role("heading", name="Every decision is in effect")).to_be_visible()
    await assert_accessible(page)
    await page.goto(case(story.waits("Redwood School")))
    await hands.press(page.get_by_role("button", name="Not an academic domain"))
    await hands.press(page.get_by_role("link", name="Pending"))
    await expect(page.get_by_role("heading", name="Yours, about to take effect")).to_be_visible()
    await assert_accessible(page)
    await hands.press(page.get_by_role("button", name="Undo"))
    await expect(page.get_by_role("heading", name="Redwood School")).to_be_visible()


async def test_letters_in_a_note_decide_nothing(page: Page, story: Story) -> None:
    """Not while somebody writes, nor with a modifier; Escape leaves the note."""
    customer = story.waits("Redwood School")
    await sign_in(page, RAE, case(customer))
    await page.keyboard.press("e")
    await page.keyboard.type("a banana 1 2 3 ?")
    await expect(page.get_by_role("textbox")).to_have_value("a banana 1 2 3 ?")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Alt+a")
    await page.keyboard.press("?")
    await expect(page.get_by_text("Write a note; Esc leaves it")).to_be_visible()
    await assert_accessible(page)
    assert story.steps(customer) == ["submit", "refer"]
    await page.keyboard.press("1")
    await expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()


async def test_a_dozen_is_decided_by_the_keyboard_alone(page: Page, story: Story) -> None:
    """One key each, and the next one is there; none is left out, none is decided twice."""
    customers = [story.waits(f"School {number:02}") for number in range(12)]
    await sign_in(page, RAE)
    await page.keyboard.press("n")
    for number in range(12):
        await expect(page.get_by_role("heading", name=f"School {number:02}")).to_be_visible()
        await page.keyboard.press("a" if number % 2 else "5")
    await expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    story.time_goes_by(UNDO_SECONDS)
    assert [story.steps(one)[-1] for one in customers] == ["deny", "approve"] * 6
