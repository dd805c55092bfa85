"""Hostile texts in every field, on every page, for everybody: nothing of them runs, and they are shown as text."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from vetline.sandbox.contents.seeds import CONTOSO_TENANT

from . import chromium
from .hostile_texts import HOSTILE_TEXTS, ran
from .planting import NAME, TEXTS, Planted, customer_id, planted, printable
from .watch import Watch

# What no text may have added to a page, and where no link may lead.
_ALIEN = """() => {
    const bad = "iframe, object, embed, base, style, svg, math, video, meta[http-equiv], [style]:not(canvas),"
        + " script:not([src]):not([type='application/json'])";
    const found = [...document.querySelectorAll(bad)];
    for (const element of document.querySelectorAll("*")) {
        const names = element.getAttributeNames();
        if (names.some(name => /^(on|hx-on|data-hx)/.test(name))) found.push(element);
        for (const url of [element.href, element.src, element.action, element.formAction]) {
            if (typeof url !== "string" || url === "") continue;
            const site = element.target === "_blank" && url.startsWith("https://") && element.rel.includes("noopener");
            if (new URL(url).origin !== location.origin && !site) found.push(element);
        }
    }
    return found.map(element => element.outerHTML.slice(0, 300));
}"""
# Of each kind some, for what is in the address bar is tried one by one.
_SOME = [one.text for one in HOSTILE_TEXTS if "\0" not in one.text][::3]
_SHOWN = "document.body.textContent + [...document.querySelectorAll('input, textarea')].map(one => one.value).join('')"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def garden(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Planted]:
    """The sandbox with hostile texts."""
    folder: Path = tmp_path_factory.mktemp("planted")
    async with planted(folder) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def person(request: pytest.FixtureRequest, browser: Browser, garden: Planted) -> AsyncIterator[BrowserContext]:
    """One of the people, signed in under a hostile name, and watched."""
    cookie = garden.cookies[request.param]
    async with chromium.visitor(browser, garden.sandbox.base) as found:
        await found.add_cookies([{"name": "vetline", "value": cookie, "url": garden.sandbox.base}])
        watch = Watch(found, garden.sandbox.base)
        yield found
        await found.close()
        watch.check()


async def look(page: Page, address: str, *texts: str) -> None:
    """Open a page, and hold it against what hostile texts may do there, which is to be read.

    Raises:
        AssertionError: one of them ran, or added something to the page, or is not shown.
    """
    await page.goto(address)
    await inspect(page, *texts)


async def inspect(page: Page, *texts: str) -> None:
    """Do so with the page that is open; see `look`."""
    assert await page.evaluate(_ALIEN) == [], page.url
    assert not await ran(page), page.url
    shown = _spaced(str(await page.evaluate(_SHOWN)))
    assert [text for text in texts if _spaced(text) not in shown] == [], page.url


def _spaced(text: str) -> str:
    """Return a text as it is compared: a page leaves out nulls, and a field the ends of lines."""
    return "".join(text.replace("\0", "").replace("\ufffd", "").split())


@pytest.mark.parametrize("person", ["partner"], indirect=True)
async def test_a_partners_pages(person: BrowserContext) -> None:
    page = await person.new_page()
    await look(page, "/console/customers", NAME, *TEXTS)
    await look(page, "/console/codes", *TEXTS)
    for number, text in enumerate(TEXTS):
        place = f"/console/customers/{customer_id(number)}"
        await look(page, place, text)
        await look(page, f"{place}/cases/education", text, printable(text))
    await look(page, f"/console/customers/{customer_id(len(TEXTS))}/requests/government", *TEXTS)


@pytest.mark.parametrize("person", ["partner"], indirect=True)
async def test_a_form_shows_what_was_filled_in(person: BrowserContext) -> None:
    """On the page that says what would come of it, and in the form once more."""
    page = await person.new_page()
    place = f"/console/customers/{customer_id(1)}/requests/education"
    for text in map(printable, TEXTS):
        await page.goto(place)
        await page.get_by_role("radio").first.check()
        await page.locator("[name=website]").fill(text)
        await page.locator("form.sheet button.main").click()
        await page.wait_for_url("**/check?*")
        await inspect(page, text)
        await page.get_by_role("link", name="Change").click()
        await page.wait_for_url("**/education?*")
        await inspect(page, text)


@pytest.mark.parametrize("person", ["partner"], indirect=True)
async def test_a_search_shows_what_is_looked_for(person: BrowserContext) -> None:
    """From the address bar, and as it is typed."""
    page = await person.new_page()
    for text in _SOME:
        await look(page, f"/console/customers?{urlencode({'q': text, 'done': text})}")
    for number, text in enumerate(TEXTS[::3]):
        typed = f"{number} {printable(text)}"[:200]
        async with page.expect_response(lambda answer: "q=" in answer.url) as answered:
            await page.locator("#search").fill(typed)
        await (await answered.value).finished()
        await inspect(page, typed)


@pytest.mark.parametrize("person", ["reviewer", "administrator"], indirect=True)
async def test_the_review_desks_pages(person: BrowserContext) -> None:
    page = await person.new_page()
    await look(page, "/console/queue", NAME, *TEXTS[::2])
    await look(page, "/console/decisions", NAME)
    await look(page, "/console/dashboard", NAME)
    for number, text in enumerate(TEXTS):
        case = f"/console/cases/{CONTOSO_TENANT}/{customer_id(number)}/education"
        await look(page, case, text, printable(text), NAME)


@pytest.mark.parametrize("person", ["reviewer"], indirect=True)
async def test_filters_in_the_address_bar(person: BrowserContext) -> None:
    page = await person.new_page()
    names = ("domain", "country", "rule", "programme", "whose", "overdue", "second")
    for text in _SOME:
        await look(page, f"/console/queue?{urlencode(dict.fromkeys(names, text))}", text)
        if not {"/", "\n"} & set(text):  # that would be another page
            await look(page, f"/console/domains/{quote(text, safe='')}?decided={quote(text)}", text)


@pytest.mark.parametrize("person", ["administrator"], indirect=True)
async def test_codes_of_partners(person: BrowserContext) -> None:
    page = await person.new_page()
    await look(page, f"/console/partner-codes?partner={CONTOSO_TENANT}", *TEXTS)
    for text in _SOME:
        typed = dict.fromkeys(("partner", "code", "organization", "most", "left"), text)
        await look(page, f"/console/partner-codes?{urlencode(typed)}", text)
