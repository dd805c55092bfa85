"""Whether everybody can use a page, as far as a machine can tell: axe's rules, in light and in dark.

axe-core 4.12 comes with axe-playwright-python; its rules: https://dequeuniversity.com/rules/axe/4.12. It takes the
background for white where a page states none, so a page for dark states it: `background: Canvas` is enough.
"""

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_GRAVE = ("serious", "critical")
# The smallest target is a criterion of WCAG 2.2 AA, and no rule that axe applies unasked.
_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


async def assert_accessible(page: Page) -> None:
    """Hold a page as it stands against the rules.

    Raises:
        AssertionError: something is seriously or critically wrong; each line names scheme, rule and element.
    """
    found = [line for scheme in _SCHEMES for line in await findings(page, scheme)]
    assert not found, f"{page.url} is not accessible:\n" + "\n".join(found)


async def findings(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """Return what is seriously or critically wrong with a page in one colour scheme, a line for each element."""
    await page.emulate_media(color_scheme=scheme)
    results = await Axe().run(page, options=_OPTIONS)
    await page.emulate_media(color_scheme="null")
    return [f"{scheme}: {line}" for line in _lines(results.response["violations"])]


def _lines(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        if violation["impact"] in _GRAVE:
            for node in violation["nodes"]:
                summary = " ".join(node["failureSummary"].split())
                yield f"{violation['id']} ({violation['impact']}) at {node['target']} {node['html']}: {summary}"
