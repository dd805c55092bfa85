"""What a page elsewhere, or whoever sits at the same browser afterwards, can do with somebody's session: nothing."""

import re

import pytest
from playwright.async_api import BrowserContext, expect

from tests.support.processes import Sandbox

from .elsewhere import page_elsewhere
from .people import ADA, MAX, sign_in

# Another port is another origin of the same site, so cookies come along; another name is another site.
_HOSTS = ("127.0.0.1", "localhost")
_CUSTOMER = "/console/customers/11111111-c0c0-4000-8000-000000000001"


@pytest.mark.parametrize("host", _HOSTS)
@pytest.mark.parametrize("kind", ["iframe src", "embed src", "object data"])
async def test_nobody_frames_a_page(visitor: BrowserContext, sandbox: Sandbox, host: str, kind: str) -> None:
    await sign_in(await visitor.new_page(), ADA)
    with page_elsewhere(
        f'<{kind}="{sandbox.base}/console/customers" width=600 height=400></{kind.split()[0]}>'
    ) as port:
        page = await visitor.new_page()
        async with page.expect_event("requestfailed") as refused:
            await page.goto(f"http://{host}:{port}/")
        assert (await refused.value).failure == "net::ERR_BLOCKED_BY_RESPONSE"
        assert not [frame.url for frame in page.frames if frame.url.startswith(sandbox.base)]


@pytest.mark.parametrize("host", _HOSTS)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
async def test_a_form_elsewhere_changes_nothing(
    visitor: BrowserContext, sandbox: Sandbox, host: str, kind: str
) -> None:
    """Not even with the right word, if somebody learned it; and the cookie may come along."""
    own = await visitor.new_page()
    await sign_in(own, ADA, "/console/codes")
    word = await own.locator("[name=csrf]").first.get_attribute("value")
    with page_elsewhere(
        f'<form method=post enctype="{kind}" action="{sandbox.base}/console/sign-out"><input name=csrf value="{word}">'
        "</form><script>document.forms[0].submit()</script>"
    ) as port:
        page = await visitor.new_page()
        async with page.expect_response("**/console/sign-out") as told:
            await page.goto(f"http://{host}:{port}/")
        assert (await told.value).status == 403
    await own.reload()
    await expect(own.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize("host", _HOSTS)
async def test_a_script_elsewhere_reads_nothing(visitor: BrowserContext, sandbox: Sandbox, host: str) -> None:
    """Not by asking, not as a script or a picture, and not through the window that it opened."""
    await sign_in(await visitor.new_page(), ADA)
    with page_elsewhere("") as port:
        page = await visitor.new_page()
        await page.goto(f"http://{host}:{port}/")
        address = f"{sandbox.base}/console/customers"
        assert (
            await page.evaluate("a => fetch(a, {credentials: 'include'}).then(() => 'read', () => 'no')", address)
            == "no"
        )
        opaque = "a => fetch(a, {credentials: 'include', mode: 'no-cors'}).then(() => 'got', () => 'no')"
        assert await page.evaluate(opaque, address) == "no"
        loaded = """([kind, address]) => new Promise(done => {
            const element = document.createElement(kind);
            element.onload = () => done("loaded");
            element.onerror = () => done("no");
            element.src = address;
            document.body.append(element);
        })"""
        for kind, path in (("script", "/console/static/console.js"), ("img", "/console/static/icon.svg")):
            assert await page.evaluate(loaded, [kind, sandbox.base + path]) == "no"
        async with visitor.expect_page() as opened:
            await page.evaluate("address => { window.opened = open(address); }", address)
        popup = await opened.value
        await popup.wait_for_load_state()
        assert await popup.evaluate("opener === null")
        await page.wait_for_function("opened.closed")  # to whoever opened it, it is as good as gone


async def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(visitor: BrowserContext, sandbox: Sandbox) -> None:
    page = await visitor.new_page()
    await sign_in(page, ADA)
    (copied,) = [one for one in await visitor.cookies() if one["name"] == "vetline"]
    assert (copied["httpOnly"], copied["sameSite"], copied["path"]) == (True, "Lax", "/")
    assert "vetline" not in await page.evaluate("document.cookie")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/console/sign-out")
    assert "vetline" not in {one["name"] for one in await visitor.cookies()}
    await visitor.add_cookies([{"name": "vetline", "value": str(copied["value"]), "url": sandbox.base}])
    await page.goto("/console/customers")
    await expect(page.get_by_role("link", name=ADA)).to_be_visible()


async def test_after_the_sign_out_going_back_shows_nothing(visitor: BrowserContext) -> None:
    """Neither to those who press the button, nor in another tab, nor from what the browser keeps."""
    page = await visitor.new_page()
    await sign_in(page, ADA)
    await page.goto(_CUSTOMER)
    await page.goto("/console/codes")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/console/sign-out")
    for _ in range(3):
        await page.go_back()
        await expect(page.get_by_text("University of Oxford")).to_have_count(0)
        await expect(page.get_by_text("987654")).to_have_count(0)


async def test_the_browser_keeps_one_page_and_it_holds_nobodys_data(visitor: BrowserContext) -> None:
    page = await visitor.new_page()
    await sign_in(page, ADA)
    await page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    for path in (_CUSTOMER, "/console/codes", "/console/customers?q=oxford", "/console/customers"):
        await page.goto(path)
    kept = await page.evaluate("""async () => {
        const found = {};
        for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys())
                found[new URL(request.url).pathname] = await (await caches.match(request)).text();
        return found;
    }""")
    assert set(kept) == {"/console/offline", "/console/static/console.css"}
    assert not re.search("ada@|Oxford|987654|csrf", kept["/console/offline"])
    stored = await page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))")
    assert stored == ["htmx-current-path-for-history"], "beside the address, which the tab knows anyway"
    await visitor.set_offline(True)
    await page.goto("/console/customers")
    await expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    await expect(page.get_by_text("University of Oxford")).to_have_count(0)


async def test_somebody_else_signs_in_in_the_same_browser(visitor: BrowserContext) -> None:
    """Nothing of whoever was there before is left; what their open page would send is not taken for the other's."""
    left, page = await visitor.new_page(), await visitor.new_page()
    await sign_in(left, MAX, "/console/partner-codes")
    await page.goto("/console/sign-in?other=1")
    await page.get_by_role("link", name=ADA).click()
    await page.wait_for_url("**/console/customers")
    for name in ("partner", "code", "organization", "most", "left"):
        await left.locator(f"form[method=post] [name={name}]").fill("1")
    await left.locator("form[action$=partner-codes] button.main").click()
    await expect(left.get_by_role("heading", name="This page is not for you")).to_be_visible()
