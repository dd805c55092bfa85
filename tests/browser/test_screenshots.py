"""`make screenshots` works: the fortnight leaves what the pictures are to show, and a picture is one."""

import re
import struct

from docs.screenshots.__main__ import IMAGES, pictures
from docs.screenshots.camera import LOOKS
from docs.screenshots.fortnight import live
from docs.screenshots.shots import SHOTS
from playwright.async_api import Browser, Page, expect

from tests.support.processes import Sandbox

from .people import RAE, sign_in

DOCUMENT = IMAGES.with_name("console.md")


async def test_the_fortnight_leaves_a_queue_worth_a_picture(browser: Browser, page: Page, sandbox: Sandbox) -> None:
    live(sandbox)
    await sign_in(page, RAE)
    await expect(page.get_by_text("are overdue")).to_be_visible()
    assert await page.get_by_role("row").count() > 10
    queue = [shot for shot in SHOTS if shot.name == "queue"]
    taken = {name: picture async for name, picture in pictures(browser, sandbox.base, queue)}
    assert {name: struct.unpack(">II", png[16:24]) for name, png in taken.items()} == {
        f"queue-{look.name}": (look.width, look.height) for look in LOOKS
    }


def test_the_pictures_in_the_documents_are_those_that_are_taken() -> None:
    taken = {f"{shot.name}-{look.name}.png" for shot in SHOTS for look in LOOKS}
    assert {path.name for path in IMAGES.iterdir()} == taken
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < 2_500_000


def test_the_pictures_that_the_documents_show_are_there() -> None:
    shown = set(re.findall(r'"images/([^"]+)"', DOCUMENT.read_text("utf-8")))
    assert shown
    assert shown <= {path.name for path in IMAGES.iterdir()}
