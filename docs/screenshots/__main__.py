"""The command: a sandbox, the fortnight, the pictures."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from playwright.async_api import Browser, Page
from tests.browser import chromium
from tests.browser.people import sign_in
from tests.support.processes import Sandbox

from docs.screenshots import camera
from docs.screenshots.fortnight import live
from docs.screenshots.palette import with_palette
from docs.screenshots.shots import SHOTS, Shot

IMAGES = Path(__file__).parents[1] / "images"


def main() -> int:
    """Write every picture anew; return 0."""
    with Sandbox("--memory") as sandbox:
        live(sandbox)
        written = asyncio.run(_written(sandbox.base))
        sandbox.stop()
    sys.stdout.write(f"{written:,} bytes of pictures are in {IMAGES}.\n")
    return 0


async def _written(base: str) -> int:
    IMAGES.mkdir(exist_ok=True)
    for stale in IMAGES.glob("*.png"):
        stale.unlink()
    async with chromium.started() as browser:
        async for name, picture in pictures(browser, base, SHOTS):
            IMAGES.joinpath(f"{name}.png").write_bytes(picture)
            sys.stdout.write(f"{name}: {len(picture):,} bytes\n")
    return sum(path.stat().st_size for path in IMAGES.iterdir())


async def pictures(browser: Browser, base: str, shots: Iterable[Shot]) -> AsyncIterator[tuple[str, bytes]]:
    """Yield each picture with its name."""
    pages: dict[str, Page] = {}
    for shot in shots:
        if shot.who not in pages:
            pages[shot.who] = await _signed_in(browser, base, shot.who)
        page = pages[shot.who]
        await page.set_viewport_size({"width": 1280, "height": 800})
        await shot.way(page)
        for look, png in (await camera.looks_of(page)).items():
            yield f"{shot.name}-{look}", await with_palette(browser, png)


async def _signed_in(browser: Browser, base: str, who: str) -> Page:
    page = await (await browser.new_context(base_url=base, locale="en-GB", timezone_id="UTC")).new_page()
    page.set_default_timeout(chromium.PATIENCE_MILLISECONDS)
    await sign_in(page, who)
    return page


if __name__ == "__main__":
    sys.exit(main())
