"""What the other tests rely on sees what it is there to see: the watch, the keyboard, the rules of accessibility."""

import pytest
from playwright.async_api import BrowserContext, Page

from tests.support.processes import Sandbox

from .accessibility import assert_accessible
from .keyboard import press, tab_to
from .watch import Watch

# Where, what is done there, and what is noted of it.
MISDEEDS = {
    "a style that the policy forbids": (
        "/devicelogin",
        "document.body.setAttribute('style', 'color: red')",
        "console error: .*Content Security Policy",
    ),
    "a script that the policy forbids": (
        "/devicelogin",
        "document.body.setAttribute('onclick', '0')",
        "console error: .*Content Security Policy",
    ),
    "a message of a script": ("/docs", "console.error('broken')", "console error: broken"),
    "an error that nobody catches": (
        "/docs",
        "new Promise(done => setTimeout(() => { done(); missing(); }))",
        "uncaught: .*missing is not defined",
    ),
    "a dialog": ("/docs", "alert('owned')", "dialog alert: owned"),
    "a question": ("/docs", "confirm('sure?')", "dialog confirm: sure\\?"),
    "another host": (
        "/docs",
        "fetch('http://evil.example/x').catch(() => 0)",
        "another origin: GET http://evil.example",
    ),
    "another port": (
        "/docs",
        "fetch('http://127.0.0.1:1/x').catch(() => 0)",
        "another origin: GET http://127.0.0.1:1/",
    ),
    "a file that is missing": ("/docs", "fetch('/missing')", "status 404: GET .*/missing"),
}


@pytest.mark.parametrize("name", MISDEEDS)
async def test_a_misdeed_is_noted(visitor: BrowserContext, sandbox: Sandbox, name: str) -> None:
    where, script, noted = MISDEEDS[name]
    watch = Watch(visitor, sandbox.base)
    page = await visitor.new_page()
    await page.goto(where)
    watch.check()
    await page.evaluate(script)
    await visitor.close()
    with pytest.raises(AssertionError, match=noted):
        watch.check()


async def test_what_is_expected_must_happen(visitor: BrowserContext, sandbox: Sandbox) -> None:
    watch = Watch(visitor, sandbox.base)
    watch.expect("404")
    with pytest.raises(AssertionError, match="did not happen: 404"):
        watch.check()
    await (await visitor.new_page()).goto("/missing")
    await visitor.close()
    watch.check()


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("<p style='color: #999; background: #fff'>pale</p>", r"light: color-contrast \(serious\) at .*pale"),
        (
            "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }</style><p>dim</p>",
            r"dark: color-contrast \(serious\) at .*dim",
        ),
        ("<img src='data:,'>", r"image-alt \(critical\)"),
        ("<input>", r"label \(critical\)"),
        (
            "<button style='width: 8px; height: 8px; padding: 0' aria-label='a'></button>"
            "<button style='width: 8px; height: 8px; padding: 0' aria-label='b'></button>",
            r"target-size \(serious\)",
        ),
    ],
)
async def test_a_page_for_some_only_is_found_out(page: Page, body: str, finding: str) -> None:
    await page.set_content(f'<!doctype html><html lang="en"><title>A page</title><main>{body}</main></html>')
    with pytest.raises(AssertionError, match=finding):
        await assert_accessible(page)


async def test_the_keyboard_cannot_reach_what_only_a_mouse_can(page: Page) -> None:
    await page.set_content("<a href='#'>first</a><a href='#'>last</a><span role='button' onclick='0'>Send</span>")
    with pytest.raises(AssertionError, match=r"does not lead to .*Send.*\n.*first.*\n.*last"):
        await tab_to(page.get_by_role("button", name="Send"))


async def test_a_focus_that_cannot_be_seen_is_found_out(page: Page) -> None:
    await page.set_content("<style>:focus { outline: none }</style><button>Send</button>")
    with pytest.raises(AssertionError, match="cannot be seen"):
        await press(page.get_by_role("button", name="Send"))
