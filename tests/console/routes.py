"""Every page there is, taken from the pages themselves: what is added to them is tried by itself."""

from starlette.routing import Mount

from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.console.app import Console
from vetline.console.entrance import EntranceChoices
from vetline.console.visit import PageRoute
from vetline.reference.library import ReferenceLibrary
from vetline.store.port import Store
from vetline.wiring import furnish, pages

# What stands in a path in the place of a parameter; there is no such thing.
NOWHERE = {
    "customer": "11111111-c0c0-4000-8000-0000000000ff",
    "programme": "education",
    "partner": "11111111-c0c0-4000-8000-0000000000fe",
    "domain": "nowhere.example",
    "upload": "11111111-0000-4000-8000-0000000000ff",
}
_ENTERING = EntranceChoices(
    url="http://127.0.0.1:1",
    authority="http://127.0.0.1:1/organizations/v2.0",
    client_id="nobody",
    client_secret="",
    secret="s" * 32,
    partners=frozenset(),
    operators=frozenset(),
)


async def every_page(store: Store) -> list[PageRoute]:
    """Return the pages as every process puts them together."""
    choices = Choices()
    rooms = furnish(store, SystemClock(), ReferenceLibrary(), choices)
    async with pages(rooms, choices, _ENTERING) as routes:
        (console,) = (route.app for route in routes if isinstance(route, Mount))
        assert isinstance(console, Console)
        return list(console.pages)


def address(path: str, **parameters: str) -> str:
    """Return the address of a page.

    Parameters:
        path: as the page has it, below /console.
        parameters: those of the path; for what is not given there is nothing.

    Raises:
        KeyError: the path has a parameter that `NOWHERE` does not know.
    """
    return f"/console{path.format(**NOWHERE | parameters)}"
