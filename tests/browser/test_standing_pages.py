"""The pages beside the console, in a real browser: the documentation, and the sandbox's own sign-in."""

import re

from playwright.async_api import Page

from tests.sandbox.client import CONTOSO, EVERYTHING, application
from tests.support.processes import Sandbox

from .accessibility import assert_accessible
from .keyboard import press
from .watch import Watch


def authorization(base: str) -> str:
    """Return the address at which an application sends a browser to sign in, and which it comes back from."""
    client = application(public=True).client_id
    redirect = f"{base}/common/oauth2/nativeclient"
    return (
        f"/organizations/oauth2/v2.0/authorize?client_id={client}&redirect_uri={redirect}"
        f"&response_type=code&scope={EVERYTHING}&state=s"
    )


def device(sandbox: Sandbox) -> str:
    """Return the code that a device shows."""
    form = {"client_id": application(public=True).client_id, "scope": EVERYTHING}
    answer = sandbox.http.post("/organizations/oauth2/v2.0/devicecode", data=form).raise_for_status()
    return str(answer.json()["user_code"])


async def test_the_documentation(page: Page, watch: Watch) -> None:
    watch.tolerate("favicon.ico")  # a document that is no page cannot say that it has none
    await page.goto("/docs")
    assert await page.get_by_role("row").count() > 10
    await assert_accessible(page)
    await press(page.get_by_role("link", name="/openapi.json"))
    await page.wait_for_url("**/openapi.json")


async def test_somebody_signs_in(page: Page, sandbox: Sandbox) -> None:
    await page.goto(authorization(sandbox.base))
    await assert_accessible(page)
    await press(page.get_by_role("link", name=CONTOSO.users[0].username))
    await page.wait_for_url(re.compile(r"/common/oauth2/nativeclient\?code=.+&state=s"))
    await assert_accessible(page)


async def test_a_device_is_signed_in(page: Page, sandbox: Sandbox) -> None:
    await page.goto("/devicelogin")
    await assert_accessible(page)
    await page.keyboard.type(device(sandbox))  # the field has the focus already
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Sign in to").wait_for()
    await assert_accessible(page)
    await press(page.get_by_role("button", name=CONTOSO.users[0].username))
    await page.get_by_role("heading", name="Signed in").wait_for()
