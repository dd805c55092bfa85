"""Several reviewers at once: who has which case, who was quicker, what is alike decided together, four eyes."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from .accessibility import assert_accessible
from .hands import Hands
from .people import MAX, RAE, sign_in
from .story import Story
from .test_reviewer_case import UNDO_SECONDS, case
from .watch import Watch

Another = Callable[[], Awaitable[Page]]


async def test_taken_given_back_taken_over(page: Page, another: Another, story: Story, hands: Hands) -> None:
    address = case(story.waits("Redwood School"))
    await sign_in(page, RAE, address)
    await hands.press(page.get_by_role("button", name="Take"))
    await expect(page.get_by_text("You have this case")).to_be_visible()
    other = await another()
    await sign_in(other, MAX, address)
    await expect(other.get_by_text("rae has this case")).to_be_visible()
    await assert_accessible(other)
    await hands.press(other.get_by_role("button", name="Take over"))
    await expect(other.get_by_text("You have this case")).to_be_visible()
    await hands.press(other.get_by_role("button", name="Give back"))
    await expect(other.get_by_text("Nobody has this case")).to_be_visible()
    await other.goto("/console/queue?whose=nobody")
    await expect(other.locator("[data-row]")).to_have_count(1)


async def test_two_take_one_and_the_second_is_told(page: Page, another: Another, story: Story, watch: Watch) -> None:
    watch.expect("409")
    address = case(story.waits("Redwood School"))
    other = await another()
    await sign_in(page, RAE, address)
    await sign_in(other, MAX, address)
    await other.keyboard.press("t")
    await expect(other.get_by_text("You have this case")).to_be_visible()
    await page.keyboard.press("t")
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("max took this case before you")
    await assert_accessible(page)


async def test_next_leads_two_people_to_two_cases(page: Page, another: Another, story: Story) -> None:
    """And on to the queue when none is left."""
    story.waits("Elm School")
    story.waits("Oak School")
    other = await another()
    for one, who, name in ((page, RAE, "Elm School"), (other, MAX, "Oak School")):
        await sign_in(one, who)
        await one.keyboard.press("n")
        await expect(one.get_by_role("heading", name=name)).to_be_visible()
    await page.keyboard.press("n")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="Oak School")).to_contain_text("max")
    await expect(page.get_by_role("row").filter(has_text="Elm School")).to_contain_text("You")


async def test_who_was_slower_is_told_and_keeps_the_note(
    page: Page, another: Another, story: Story, watch: Watch, hands: Hands
) -> None:
    watch.expect("409")
    customer = story.waits("Redwood School")
    other = await another()
    await sign_in(page, RAE, case(customer))
    await sign_in(other, MAX, case(customer))
    await other.keyboard.press("5")
    await expect(other.get_by_role("button", name="Undo")).to_be_visible()
    await hands.write(page.get_by_role("textbox"), "I rang them up.")
    await hands.press(page.get_by_role("button", name="Approve"))
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("went on while you looked at it")
    await expect(page.get_by_text("I rang them up.")).to_be_visible()
    await assert_accessible(page)
    story.time_goes_by(UNDO_SECONDS)
    assert story.steps(customer)[-1] == "deny"


async def test_alike_cases_are_decided_together(page: Page, story: Story, watch: Watch, hands: Hands) -> None:
    """Those that are ticked, with one reason; the one that changed meanwhile is left alone."""
    watch.expect("400")
    names = ("Elm School", "Oak School", "Yew School", "Fir School")
    customers = {name: story.waits(name, "www.same-domain.org") for name in names}
    await sign_in(page, RAE, case(customers["Elm School"]))
    await expect(page.get_by_text("3 other cases wait at same-domain.org")).to_be_visible()
    await hands.press(page.get_by_role("link", name="Decide them together"))
    await expect(page.get_by_role("checkbox", name="Decide ")).to_have_count(4)
    await assert_accessible(page)
    await hands.press(page.get_by_role("button", name="Not an academic domain"))
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Tick at least one case.")
    for name in names[:3]:
        await hands.tick(page.get_by_role("checkbox", name=f"Decide {name}"))
    story.decides(customers["Yew School"], {}, "approve")
    await hands.press(page.get_by_role("button", name="Not an academic domain"))
    await expect(page.get_by_text("2 cases are decided.")).to_be_visible()
    await expect(page.get_by_text("One case is left alone")).to_be_visible()
    await expect(page.get_by_role("checkbox", name="Decide Fir School")).to_be_visible()
    await assert_accessible(page)
    story.time_goes_by(UNDO_SECONDS)
    assert [story.steps(customers[name])[-1] for name in names] == ["deny", "deny", "approve", "refer"]


async def test_all_at_a_domain_are_ticked_at_once(page: Page, story: Story, hands: Hands) -> None:
    for name in ("Elm School", "Oak School"):
        story.waits(name, "www.same-domain.org")
    await sign_in(page, RAE, "/console/domains/same-domain.org")
    await hands.tick(page.get_by_role("checkbox", name="All"))
    await hands.press(page.get_by_role("button", name="Approve"))
    await expect(page.get_by_text("2 cases are decided.")).to_be_visible()
    await expect(page.get_by_role("heading", name="No case waits at this domain.")).to_be_visible()
    await expect(page.get_by_role("button", name="Undo")).to_have_count(2)
    await assert_accessible(page)


@pytest.mark.parametrize("problem", ["partner", "code"])
async def test_an_administrator_issues_a_code(
    page: Page, story: Story, watch: Watch, hands: Hands, problem: str
) -> None:
    """After a mistake, which is named where it is; everything else stays as it was typed."""
    watch.expect("400")
    typed = {
        "Partner's tenant id": "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d",
        "Code": "55555",
        "Organisation": "Contoso, Inc.",
        "Customers it is good for": "9",
        "Customers left": "8",
    }
    wrong = {"partner": "Partner's tenant id", "code": "Code"}[problem]
    await sign_in(page, MAX, "/console/partner-codes")
    for name, text in typed.items():
        await hands.write(page.get_by_role("textbox", name=name, exact=True), "" if name == wrong else text)
    await hands.press(page.get_by_role("button", name="Issue the code"))
    await expect(page.get_by_role("textbox", name=wrong, exact=True)).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("textbox", name="Organisation")).to_have_value("Contoso, Inc.")
    await assert_accessible(page)
    await hands.write(page.get_by_role("textbox", name=wrong, exact=True), typed[wrong])
    await hands.press(page.get_by_role("button", name="Issue the code"))
    await expect(page.get_by_text("The validation code is issued.")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="55555")).to_contain_text("8 / 9")
    await assert_accessible(page)
