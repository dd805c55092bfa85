"""The texts of hostile_texts.toml, and whether one of them ran on a page."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

_FILE = Path(__file__).with_name("hostile_texts.toml")


@dataclass(frozen=True, slots=True)
class HostileText:
    """Something that somebody may write into a field.

    Parameters:
        place: where on a page it would run, or `odd` or `formula`.
        name: what is tried.
        text: what is written.
    """

    place: str
    name: str
    text: str

    def __str__(self) -> str:
        """Return the name that a test has for it."""
        return f"{self.place}-{self.name}"


HOSTILE_TEXTS = tuple(
    HostileText(place, name, text)
    for place, texts in tomllib.loads(_FILE.read_text("utf-8")).items()
    for name, text in texts.items()
)


async def ran(page: Page) -> bool:
    """Return whether a hostile text ran on a page."""
    return bool(await page.evaluate("'pwned' in window"))
