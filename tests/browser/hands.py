"""Two ways to work with a page: by mouse, and by the keyboard alone. Each path through the pages is tried in both."""

from typing import Protocol

from playwright.async_api import Locator

from . import keyboard

_MOST_STEPS = 20


class Hands(Protocol):
    """Somebody who works with a page."""

    async def press(self, target: Locator) -> None:
        """Press a button, or follow a link."""
        ...

    async def write(self, target: Locator, text: str) -> None:
        """Write into a field that may hold something else."""
        ...

    async def choose(self, target: Locator) -> None:
        """Choose one of several radio buttons."""
        ...

    async def tick(self, target: Locator) -> None:
        """Tick a box."""
        ...

    async def select(self, target: Locator, option: str) -> None:
        """Select an option by its value."""
        ...


class Mouse:
    """By mouse."""

    async def press(self, target: Locator) -> None:
        """Click."""
        await target.click()

    async def write(self, target: Locator, text: str) -> None:
        """Click into the field, and type over what it holds."""
        await target.click()
        await _replace(target, text)

    async def choose(self, target: Locator) -> None:
        """Click."""
        await target.click()

    async def tick(self, target: Locator) -> None:
        """Click."""
        await target.click()

    async def select(self, target: Locator, option: str) -> None:
        """Choose from the list."""
        await target.select_option(option)


class Keyboard:
    """By the keyboard alone, with the focus to be seen at every target."""

    async def press(self, target: Locator) -> None:
        """Go there by Tab, and press Enter."""
        await keyboard.press(target)

    async def write(self, target: Locator, text: str) -> None:
        """Go there by Tab, and type over what the field holds."""
        await keyboard.tab_to(target)
        await _replace(target, text)

    async def choose(self, target: Locator) -> None:
        """Go to the group by Tab, and on by the arrows."""
        name = await target.get_attribute("name")
        group, keys = target.page.locator(f"input[name={name}]"), target.page.keyboard
        if not await group.and_(target.page.locator(":focus")).count():
            await keyboard.tab_to(group)
        await keys.press("Space")
        for _ in range(_MOST_STEPS):
            if await target.is_checked():
                return
            await keys.press("ArrowDown")
        raise AssertionError(f"the arrows do not lead to {target}")

    async def tick(self, target: Locator) -> None:
        """Go there by Tab, and press the space bar."""
        await keyboard.press(target, "Space")

    async def select(self, target: Locator, option: str) -> None:
        """Go there by Tab, and on by the arrows."""
        await keyboard.tab_to(target)
        for _ in range(_MOST_STEPS):
            if await target.input_value() == option:
                return
            await target.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not lead to {option}")


async def _replace(target: Locator, text: str) -> None:
    keys = target.page.keyboard
    await keys.press("ControlOrMeta+a")
    await keys.press("Delete")
    await keys.type(text)
