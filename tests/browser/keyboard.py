"""A visitor without a mouse."""

from playwright.async_api import Locator, Page

_MOST_STOPS = 200
_FOCUSED = "(([...document.activeElement?.labels ?? []][0] ?? document.activeElement)?.outerHTML ?? '').slice(0, 120)"
_VISIBLY = """element => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
}"""


async def tab_to(target: Locator) -> None:
    """Press Tab until the target has the focus, visibly.

    Parameters:
        target: found by what a person calls it: ``page.get_by_role("link", name="Customers")``.

    Raises:
        AssertionError: the keyboard does not lead there, or the focus cannot be seen.
    """
    await target.first.wait_for()  # the page before may still be leaving
    await target.page.wait_for_load_state()
    passed = []
    for _ in range(_MOST_STOPS):
        await target.page.keyboard.press("Tab")
        if await _is_focused(target):
            assert await target.page.locator(":focus").evaluate(_VISIBLY), f"the focus on {target} cannot be seen"
            return
        passed.append(await _focused(target.page))
        if len(passed) > 1 and passed[-1] == passed[0]:
            break
    raise AssertionError(f"the keyboard does not lead to {target}, but to:\n" + "\n".join(passed))


async def press(target: Locator, key: str = "Enter") -> None:
    """Go to the target by Tab, and press a key there."""
    await tab_to(target)
    await target.page.keyboard.press(key)


async def write(target: Locator, text: str) -> None:
    """Go to a field by Tab, and write into it."""
    await tab_to(target)
    await target.page.keyboard.type(text)


async def _is_focused(target: Locator) -> bool:
    return await target.and_(target.page.locator(":focus")).count() == 1


async def _focused(page: Page) -> str:
    return str(await page.evaluate(_FOCUSED))
