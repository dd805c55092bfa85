"""Takes pictures of a page: in light and dark as on a desk, in light as on a phone."""

from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Page


@dataclass(frozen=True, slots=True)
class Look:
    """One manner of looking at a page.

    Parameters:
        name: what the picture's name ends with.
        scheme: of colours.
        width, height: of the window.
    """

    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int


LOOKS = (
    Look("light", "light", 1280, 800),
    Look("dark", "dark", 1280, 800),
    Look("phone", "light", 390, 844),
)


async def looks_of(page: Page) -> dict[str, bytes]:
    """Return what a page looks like, a PNG for each manner of looking; the page is loaded once."""
    return {look.name: await _seen(page, look) for look in LOOKS}


async def _seen(page: Page, look: Look) -> bytes:
    await page.set_viewport_size({"width": look.width, "height": look.height})
    await page.emulate_media(color_scheme=look.scheme)
    return await page.screenshot(animations="disabled", caret="hide")
