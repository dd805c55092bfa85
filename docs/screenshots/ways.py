"""The ways to the pages, as people go them: by links, buttons and fields."""

from collections.abc import Awaitable, Callable

from playwright.async_api import FilePayload, Page, expect

Way = Callable[[Page], Awaitable[object]]

_CUSTOMERS = "11111111-c0c0-4000-8000-00000000000"  # the sandbox's own, each with a digit more
_HEADER = "customer_id,qualification,education_segment,website,validation_code"
_ROWS = (
    f"{_CUSTOMERS}2,Education,HigherEducation,www.harvard.edu,",
    f"{_CUSTOMERS}3,Education,K12,www.tailspintoys.com,",
    f"{_CUSTOMERS}4,Education,K12,gmail.com,",
    f"{_CUSTOMERS}5,GovernmentCommunityCloud,,,987654",
    f"{_CUSTOMERS}6,StateOwnedEntity,,,",
    "3b0c5e1f-7d42-4a86-9f13-c2a4e85d7b60,Education,HigherEducation,www.bellows.edu,",
)
_MISTAKES = (f"{_CUSTOMERS}1,Education,University,www.ox.ac.uk,", f"{_CUSTOMERS}5,Goverment,,,987654")
# The figures are counted beside the requests, and a drawing comes after them.
_FIGURES_MILLISECONDS = 30_000


def to(path: str) -> Way:
    """Return the way by the address bar."""
    return lambda page: page.goto(f"/console{path}")


def to_case(company: str) -> Way:
    """Return a reviewer's way."""
    return _by_link("/queue", company)


def to_account(company: str) -> Way:
    """Return a partner's way."""
    return _by_link(f"/customers?q={company}", company)


def _by_link(path: str, name: str) -> Way:
    async def follow(page: Page) -> None:
        await page.goto(f"/console{path}")
        await page.get_by_role("link", name=name).first.click()
        await page.get_by_role("heading", name=name, level=1).wait_for()

    return follow


async def to_request(page: Page) -> None:
    """Fill in a request, and do not send it."""
    await to_account("School of Fine Art")(page)
    await page.get_by_role("link", name="Ask for it Education").click()
    await page.get_by_role("radio", name="Primary and secondary").check()
    await page.get_by_label("The institution's website").fill("www.fineartschool.net")


async def to_check(page: Page) -> None:
    """Have a request checked."""
    await to_request(page)
    await page.get_by_role("button", name="Check before sending").click()
    await page.get_by_role("heading", name="Check before sending").wait_for()


async def to_government(page: Page) -> None:
    """Open the form that asks for a validation code."""
    await to_account("City of Redmond")(page)
    await page.get_by_role("link", name="Ask for it Government").click()
    await page.get_by_role("heading", name="Ask for Government").wait_for()


async def to_history(page: Page) -> None:
    """Read what happened with a request that was denied, and came again."""
    await to_account("Siemens AG")(page)
    await page.get_by_role("link", name="What happened Education").click()
    await page.get_by_role("heading", name="Education").wait_for()


async def to_upload(page: Page) -> None:
    """Upload a file of which one row fails, and wait until it is worked off."""
    await _uploaded(page, "autumn-intake.csv", _ROWS)
    await expect(page.get_by_text("Every row is worked off.")).to_be_visible()
    await expect(page.get_by_text("Denied")).to_be_visible()


async def to_refused_upload(page: Page) -> None:
    """Upload a file in which two lines need a change."""
    await _uploaded(page, "autumn-intake-2.csv", (*_ROWS[:1], *_MISTAKES))


async def _uploaded(page: Page, name: str, rows: tuple[str, ...]) -> None:
    file = FilePayload(name=name, mimeType="text/csv", buffer="\n".join((_HEADER, *rows)).encode())
    await page.goto("/console/uploads")
    await page.get_by_label("CSV file").set_input_files(file)
    await page.get_by_role("button", name="Upload and check").click()
    await page.get_by_role("heading", name=name, level=1).wait_for()


async def to_domain(page: Page) -> None:
    """Tick all cases of one domain."""
    await to_case("Schomburg Center")(page)
    await page.get_by_role("link", name="Decide them together").click()
    await page.get_by_role("checkbox", name="All").check()


async def to_undo(page: Page) -> None:
    """Decide a case: the next one comes by itself, and above it stands how to take the decision back."""
    await to_case("Eton College")(page)
    await page.get_by_label("Note for the staff").fill("Both domains lead to the school's own site.")
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_role("button", name="Undo").wait_for()


async def to_dashboard(page: Page) -> None:
    """Look at the figures, once they are counted."""
    await page.goto("/console/dashboard")
    await page.get_by_text("As of").wait_for(timeout=_FIGURES_MILLISECONDS)
